"""The parse mode MarkdownV2, without quotes and custom emoji (source: "MarkdownV2 style" of the Bot API)."""

from typing import Any

MARKS = {
    "*": "bold", "__": "underline", "_": "italic", "~": "strikethrough", "||": "spoiler", "```": "pre", "`": "code"
}  # fmt: skip
NAMES = {"bold": "Bold", "underline": "Underline", "italic": "Italic", "strikethrough": "Strikethrough",
         "spoiler": "Spoiler", "pre": "Pre", "code": "Code", "text_link": "TextUrl"}  # fmt: skip
RESERVED = set("_*[]()~`>#+-=|{}.!")
ESCAPED = {chr(code) for code in range(1, 127)}


def parse_markdown(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text without its marks, and its entities.

    Raises:
        ValueError: a reserved character that is not escaped, or a mark without its end; worded as the API does.
    """
    text, entities, at = "", [], 0
    opened: list[tuple[str, int, int]] = []
    while at < len(source):
        inside = opened[-1][0] if opened else ""
        if source[at] == "\\" and source[at + 1 : at + 2] in ESCAPED:
            text, at = text + source[at + 1], at + 2
            continue
        mark = _mark(source, at, inside)
        if inside == "[" and source.startswith("](", at):
            url, at = _url(source, at + 2)
            entities.append(_entity("text_link", opened.pop(), text) | {"url": url})
        elif mark and mark == inside:
            entities.append(_entity(MARKS[mark], opened.pop(), text))
            at += len(mark)
        elif inside in ("`", "```") or (not mark and source[at] not in RESERVED):
            text, at = text + source[at], at + 1
        elif mark or source[at] == "[":
            opened.append((mark or "[", _units(text), len(source[:at].encode())))
            at += len(mark or "[")
        else:
            raise ValueError(f"Character '{source[at]}' is reserved and must be escaped with the preceding '\\'")
    if opened:
        name = NAMES[MARKS.get(opened[-1][0], "text_link")]
        raise ValueError(f"Can't find end of {name} entity at byte offset {opened[-1][2]}")
    return text, [entity for entity in entities if entity["length"]]


def _mark(source: str, at: int, inside: str) -> str:
    if inside in ("`", "```"):
        return inside if source.startswith(inside, at) else ""
    return next((mark for mark in sorted(MARKS, key=len, reverse=True) if source.startswith(mark, at)), "")


def _url(source: str, at: int) -> tuple[str, int]:
    end = source.find(")", at)
    if end < 0:
        raise ValueError(f"Can't find end of a URL at byte offset {len(source[:at].encode())}")
    return source[at:end].replace("\\", ""), end + 1


def _entity(kind: str, start: tuple[str, int, int], text: str) -> dict[str, Any]:
    return {"type": kind, "offset": start[1], "length": _units(text) - start[1]}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
