"""What the Telegram bot says of itself: neutral, because whoever looks at the phone sees it."""

from pathlib import Path

from pydantic import Field, validator

from bot.knowledge.files import Knowledge, KnowledgeError, read
from bot.knowledge.languages import load_languages

COMMANDS = ("check", "numbers", "help", "receipt", "language", "delete", "exit")
"""The menu, in its order; `/start` is Telegram's own button."""
SOURCE_LANGUAGE = "en"
"""The language shown to people whose app speaks none of ours."""
_MOST_COMMAND_CHARACTERS = 256
_JPEG = b"\xff\xd8\xff"


class Profile(Knowledge):
    """The bot in one language; the limits are those of setMyName and its siblings, and of BotCommand."""

    name: str = Field(min_length=1, max_length=64)
    description: str = Field(min_length=1, max_length=512)
    short_description: str = Field(min_length=1, max_length=120)
    commands: dict[str, str]

    @validator("commands")
    def _whole(cls, commands: dict[str, str]) -> dict[str, str]:
        if tuple(commands) != COMMANDS:
            raise ValueError(f"the commands must be {', '.join(COMMANDS)}, in this order")
        if not all(0 < len(text) <= _MOST_COMMAND_CHARACTERS for text in commands.values()):
            raise ValueError(f"each command needs 1 to {_MOST_COMMAND_CHARACTERS} characters")
        return commands


class ProfileFile(Knowledge):
    """The file `data/telegram.yml`."""

    languages: dict[str, Profile]


def load_profiles(data: Path) -> dict[str, Profile]:
    """Read `data/telegram.yml`: the bot in every language of the product, by code.

    Raises:
        KnowledgeError: the file is missing or does not fit, or lacks a language.
    """
    profiles = dict(read(data / "telegram.yml", ProfileFile).languages)
    wanted = load_languages(data)
    if set(profiles) != set(wanted):
        odd = ", ".join(sorted(set(profiles) ^ set(wanted)))
        raise KnowledgeError(f"{data / 'telegram.yml'} must have exactly the languages of languages.yml; see {odd}.")
    return profiles


def load_picture(data: Path) -> bytes:
    """Read `data/telegram.jpg`, the bot's picture; Telegram takes a JPEG only.

    Raises:
        KnowledgeError: the file is missing or no JPEG.
    """
    path = data / "telegram.jpg"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path} cannot be read: put a picture there that says nothing of the bot.") from error
    if not content.startswith(_JPEG):
        raise KnowledgeError(f"{path} is no JPEG: Telegram takes nothing else as a picture.")
    return content
