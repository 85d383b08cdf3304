"""What the bot says of itself: commands, name, descriptions, per language, and its picture.

Sources: setMyCommands, BotCommandScope ("Determining list of commands"), setMyName, setMyDescription and
setMyShortDescription of the Bot API; the wording of refusals is that of BotCommand.cpp of tdlib/td. How Telegram's
servers word other refusals is not public; those texts are guesses and say BAD VALUE. Real bots may change their name
only a few times a day; that limit is not here.
"""

import re
from typing import Any

from evaluation.botapi.errors import bad_request
from evaluation.botapi.params import Params

LIMITS = {"name": 64, "description": 512, "short_description": 120}
SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
          "chat_member")  # fmt: skip
COMMANDS = 100
JPEG = b"\xff\xd8\xff"


class Profile:
    """Commands by scope and language, texts by kind and language; "" is the language of all others."""

    def __init__(self, name: str) -> None:
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.texts: dict[tuple[str, str], str] = {("name", ""): name}
        self.picture: bytes | None = None

    def set_commands(self, params: Params) -> bool:
        """setMyCommands."""
        listed = params.structure("commands")
        if not isinstance(listed, list):
            raise bad_request("expected an Array of BotCommand")
        if len(listed) > COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands[_scope(params), _language(params)] = [_command(item) for item in listed]
        return True

    def get_commands(self, params: Params) -> list[dict[str, str]]:
        """getMyCommands: those set for exactly this scope and language."""
        return self.commands.get((_scope(params), _language(params)), [])

    def delete_commands(self, params: Params) -> bool:
        """deleteMyCommands."""
        self.commands.pop((_scope(params), _language(params)), None)
        return True

    def set_text(self, kind: str, params: Params) -> bool:
        """setMyName, setMyDescription, setMyShortDescription; an empty text removes the one of that language."""
        text, language = params.text(kind), _language(params)
        if len(text) > LIMITS[kind]:
            raise bad_request(f"BAD VALUE: {kind} is longer than {LIMITS[kind]} characters")
        if kind == "name" and not text and not language:
            raise bad_request("BAD VALUE: the bot needs a name")
        self.texts.pop((kind, language), None)
        if text:
            self.texts[kind, language] = text
        return True

    def get_text(self, kind: str, params: Params) -> dict[str, str]:
        """getMyName and the like. That a language without a text of its own shows the common one is an assumption."""
        return {kind: self.seen_text(kind, _language(params))}

    def set_picture(self, params: Params) -> bool:
        """setMyProfilePhoto: a static picture, uploaded anew. How anything but a JPEG is refused is a guess."""
        given = params.structure("photo")
        static = isinstance(given, dict) and given.get("type") == "static"
        name = str(given.get("photo", "")).removeprefix("attach://") if static else ""
        if name not in params.files:
            raise bad_request("can't parse InputProfilePhoto: a static picture has to be uploaded")
        self.picture = params.files[name].content
        if not self.picture.startswith(JPEG):
            raise bad_request("BAD VALUE: PHOTO_INVALID")
        return True

    def seen_text(self, kind: str, language: str) -> str:
        """What a person with this language is shown."""
        return self.texts.get((kind, language), self.texts.get((kind, ""), ""))

    def seen_commands(self, scopes: list[str], language: str) -> list[dict[str, str]]:
        """The menu of commands: the first scope that has commands, each in the person's language first."""
        for scope in scopes:
            for key in ((scope, language), (scope, "")):
                if self.commands.get(key):
                    return self.commands[key]
        return []


def _scope(params: Params) -> str:
    scope = params.structure("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return " ".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _command(item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    command, description = str(item.get("command", "")).strip().removeprefix("/"), str(item.get("description", ""))
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > 32:
        raise bad_request("command length must not exceed 32")
    if not description.strip():
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not re.fullmatch("[a-z0-9_]+", command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description.strip()}
