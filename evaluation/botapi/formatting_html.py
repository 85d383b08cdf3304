"""The parse mode HTML (source: "HTML style" of the Bot API; wording of errors: `do_parse_html` of tdlib/td)."""

import html
import re
from typing import Any

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
}  # fmt: skip
NAME = re.compile(r"</?([^\s>]*)")
REST = re.compile(r"((?:\"[^\"]*\"|'[^']*'|[^\"'>])*)>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")
SYMBOL = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text without its tags, and its entities.

    Raises:
        ValueError: a tag that is unknown, not closed or closed in the wrong order; worded as the API does.
    """
    text, entities, at = "", [], 0
    opened: list[tuple[str, dict[str, str], int, int]] = []
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            end = len(source) if end < 0 else end
            text += SYMBOL.sub(lambda match: html.unescape(match.group()), source[at:end])
            at = end
            continue
        offset = len(source[:at].encode())
        found = NAME.match(source, at)
        assert found is not None
        closing, name = source.startswith("</", at), found.group(1).lower()
        if not closing and name not in KINDS and found.end() < len(source):
            raise ValueError(f'Unsupported start tag "{name}" at byte offset {offset}')
        rest = REST.match(source, found.end())
        if rest is None:
            raise ValueError(f"Unclosed {'end' if closing else 'start'} tag at byte offset {offset}")
        if closing:
            entities += _closed(name, opened, text, offset)
        else:
            opened.append((name, _attributes(name, rest.group(1), offset), _units(text), offset))
        at = rest.end()
    if opened:
        raise ValueError(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return text, _merged(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _attributes(name: str, source: str, offset: int) -> dict[str, str]:
    found = {match[1]: match[2] or match[3] or match[4] or "" for match in ATTRIBUTE.finditer(source)}
    if name == "span" and found.get("class") != "tg-spoiler":
        raise ValueError(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    return {key: html.unescape(value) for key, value in found.items()}


def _closed(
    name: str, opened: list[tuple[str, dict[str, str], int, int]], text: str, offset: int
) -> list[dict[str, Any]]:
    if not opened:
        raise ValueError(f"Unexpected end tag at byte offset {offset}")
    start_name, attributes, start, _ = opened[-1]
    if name and name != start_name:
        raise ValueError(f'Unmatched end tag at byte offset {offset}, expected "</{start_name}>", found "</{name}>"')
    opened.pop()
    length = _units(text) - start
    entity: dict[str, Any] = {"type": KINDS[start_name], "offset": start, "length": length}
    if start_name == "a":
        if not attributes.get("href"):
            return []
        entity["url"] = attributes["href"]
    if start_name == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"][len("language-") :]
    if start_name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return [entity] if length else []


def _merged(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`<pre><code class="language-…">` is one entity; a language without `pre` is dropped."""
    result: list[dict[str, Any]] = []
    for entity in entities:
        language = entity.pop("language", None) if entity["type"] == "code" else None
        place = (entity["offset"], entity["length"])
        around = next((e for e in result if e["type"] == "pre" and (e["offset"], e["length"]) == place), None)
        if around is not None and entity["type"] == "code":
            if language:
                around["language"] = language
            continue
        result.append(entity)
    return result
