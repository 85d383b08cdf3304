"""Quality and speed, each printing one table."""
