"""Text of a message: parse modes, the entities the service finds itself, and limits.

Sources: "Formatting options" of the Bot API and MessageEntity.cpp of tdlib/td. Entities found in plain text are
those that a bot's dialogue meets: commands, mentions, hashtags, links (bare ones with a few
common endings), e-mails. Phone numbers, cash tags and bank
cards are not looked for. MarkdownV2 knows no quotes, custom emoji or links to users; the old "Markdown" mode is
refused, because this server does not have it.
"""

import re
from typing import Any

from evaluation.botapi.errors import ApiError, bad_request
from evaluation.botapi.formatting_html import parse_html
from evaluation.botapi.formatting_markdown import parse_markdown
from evaluation.botapi.params import Params

Entity = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
DOMAINS = "com|org|net|info|eu|ua|pl|de|ru|me|io|uk|ro|cz|it|es|tr"
FOUND = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]]", re.IGNORECASE)),
    ("url", re.compile(rf"(?<![@\w.-])(?:[\w-]+\.)+(?:{DOMAINS})\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]])?", re.IGNORECASE)),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w\b")),
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#\w+")),
)


def units(text: str) -> int:
    """Length in UTF-16 code units, in which the API counts."""
    return len(text.encode("utf-16-le")) // 2


def find_entities(text: str) -> list[Entity]:
    """What the service marks in a text by itself; of two that overlap, the first kind of `FOUND` stays."""
    taken: list[tuple[int, int]] = []
    entities = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                taken.append(match.span())
                entities.append({"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())})
    return sorted(entities, key=lambda entity: entity["offset"])


def formatted(params: Params, text_name: str, entities_name: str) -> tuple[str, list[Entity]]:
    """The text of a call after its parse mode, trimmed, with its entities.

    Raises:
        ApiError: the markup is broken or the mode unknown.
    """
    text, mode = params.text(text_name), params.text("parse_mode").lower()
    entities: list[Entity] = params.structure(entities_name) or []
    if text and mode and mode != "none":
        text, entities = _parse(text, mode)
    text, entities = _trimmed(text, entities)
    entities = [entity for entity in entities if entity["length"] > 0]
    marked = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    for entity in find_entities(text):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if all(end <= left or start >= right for left, right in marked):
            entities.append(entity)
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _parse(text: str, mode: str) -> tuple[str, list[Entity]]:
    try:
        if mode == "html":
            return parse_html(text)
        if mode == "markdownv2":
            return parse_markdown(text)
    except ValueError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    if mode == "markdown":
        raise ApiError(501, "The fake server does not have the parse mode Markdown; use HTML or MarkdownV2.")
    raise bad_request("unsupported parse_mode")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    left = units(text) - units(text.lstrip())
    text = text.strip()
    length = units(text)
    moved = []
    for entity in entities:
        start = min(max(entity["offset"] - left, 0), length)
        end = min(max(entity["offset"] + entity["length"] - left, 0), length)
        moved.append(entity | {"offset": start, "length": end - start})
    return text, moved


def text_content(params: Params) -> dict[str, Any]:
    """The content of a text message.

    The documentation limits a text to 4096 "characters after entities parsing"; tdlib/td counts code points, what
    Telegram's own servers count is not public. Here it is UTF-16 units, the strictest of these.

    Raises:
        ApiError: empty, too long, or broken markup.
    """
    text, entities = formatted(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_UNITS:
        raise bad_request("message is too long")
    content: dict[str, Any] = {"text": text}
    if entities:
        content["entities"] = entities
    preview = params.structure("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return content


def caption_content(params: Params) -> dict[str, Any]:
    """The caption of a media message: up to 1024 units, may be empty.

    Raises:
        ApiError: too long, or broken markup.
    """
    caption, entities = formatted(params, "caption", "caption_entities")
    if units(caption) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    content: dict[str, Any] = {"caption": caption} if caption else {}
    if caption and entities:
        content["caption_entities"] = entities
    return content
