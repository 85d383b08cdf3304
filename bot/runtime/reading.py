"""What the reading commands share: where a text comes from, and records one a line."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Optional

MAX_TEXT = 20_000
"""Longest text that is read at once, in characters; the chat has the same limit."""


class InputError(Exception):
    """The input cannot be used; the message says what to do."""


def text_from(source: str, stdin: Optional[BinaryIO] = None) -> str:
    """Return the text that an argument names: `-` for standard input, a file, or the words themselves.

    Raises:
        InputError: it is not UTF-8, is empty, or is too long.
    """
    if source == "-":
        raw = (stdin or sys.stdin.buffer).read()
        return checked(_decoded(raw))
    path = Path(source)
    if len(source) < 255 and "\0" not in source and "\n" not in source and path.is_file():
        return checked(_decoded(path.read_bytes()))
    return checked(source)


def checked(text: Any) -> str:
    """Return a text that can be read.

    Raises:
        InputError: it is no text, has no content, or is too long.
    """
    if not isinstance(text, str):
        raise InputError("The field `text` must hold a string.")
    if not text.strip(" \t\r\n\0"):
        raise InputError("There are no words to read. Give a text, a file, or - for standard input.")
    if len(text) > MAX_TEXT:
        raise InputError(f"The text has {len(text)} characters; at most {MAX_TEXT} are read. Please give a part.")
    return "".join(c if not 0xD800 <= ord(c) <= 0xDFFF else "\ufffd" for c in text)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"The input is not UTF-8 (byte {error.start}). Please save it as UTF-8 and try again."
        ) from error


def each_line(
    source: str, answer: Callable[[str], dict[str, Any]], stdin: Optional[BinaryIO] = None
) -> Iterator[dict[str, Any]]:
    """Answer every record of a JSON Lines source in order; a bad line becomes `{"id", "error"}`.

    Raises:
        InputError: the source is not a file.
    """
    for raw in _lines(source, stdin):
        if not raw.strip():
            continue
        identifier: Any = None
        try:
            record = json.loads(raw.decode("utf-8"))
            if not isinstance(record, dict):
                raise InputError("A line must hold one JSON object.")
            identifier = record.get("id")
            yield {"id": identifier, **answer(checked(record.get("text")))}
        except (UnicodeDecodeError, json.JSONDecodeError):
            yield {"id": identifier, "error": "This line is not JSON in UTF-8."}
        except InputError as error:
            yield {"id": identifier, "error": str(error)}


def _lines(source: str, stdin: Optional[BinaryIO]) -> Iterator[bytes]:
    if source == "-":
        yield from stdin or sys.stdin.buffer
        return
    path = Path(source)
    if not path.is_file():
        raise InputError(f"{source} is not a file. With --jsonl give a file, or - for standard input.")
    with path.open("rb") as file:
        yield from file
