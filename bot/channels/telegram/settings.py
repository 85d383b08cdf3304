"""How the Telegram channel reaches Telegram."""

from dataclasses import dataclass, field
from typing import Optional


@dataclass(frozen=True)
class TelegramSettings:
    """What the channel needs to know.

    Attributes:
        token: the bot's token; it is in no log and not in the text form of this object.
        base_url: where the Bot API is, without the token.
        webhook_secret: with one, updates come to the webhook and must carry it; without, they are polled for.
        webhook_url: the address that Telegram is told to call; None where someone else sets the webhook.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org/bot"
    webhook_secret: Optional[str] = field(default=None, repr=False)
    webhook_url: Optional[str] = None
