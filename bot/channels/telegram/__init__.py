"""The chat in Telegram."""
