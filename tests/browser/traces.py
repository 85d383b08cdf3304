"""Searching everything that a browser wrote for words: as they are, encoded, and inside what is compressed.

Our servers send pages plain or with gzip, so what a cache holds is one of these; LevelDB's tables (local storage,
sessions) hold blocks that are plain or Snappy's.
"""

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

_PACKED = re.compile(b"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_TABLE = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
"""The last eight bytes of a LevelDB table."""
_FOOTER = 48


def traces(folder: Path, words: tuple[str, ...]) -> dict[str, set[str]]:
    """Return in which files below a folder each word is found; words in none are left out."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        for view in views(path.read_bytes()):
            for word in words:
                if any(written in view for written in writings(word)):
                    found.setdefault(word, set()).add(path.relative_to(folder).as_posix())
    return found


def writings(word: str) -> set[bytes]:
    """Return how a word may be written in a file."""
    texts = {word, word.casefold(), quote(word), json.dumps(word)[1:-1]}
    return {text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le", "utf-16-be")}


def views(content: bytes) -> Iterator[bytes]:
    """Yield a file as it is, and what is packed in it."""
    yield content
    for start in _PACKED.finditer(content):
        # 47: gzip or zlib, whichever it is.
        unpacked = zlib.decompressobj(47)
        try:
            yield unpacked.decompress(content[start.start() :], 10_000_000)
        except zlib.error:
            continue
    if content.endswith(_TABLE):
        yield from _blocks(content)


def _blocks(table: bytes) -> Iterator[bytes]:
    """Yield the blocks of a LevelDB table (its `table_format.md`), unpacked."""
    at = len(table) - _FOOTER
    _, at = _handle(table, at)
    index, _ = _handle(table, at)
    for handle in _values(_block(table, *index)):
        place, _ = _handle(handle, 0)
        yield _block(table, *place)


def _handle(content: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _number(content, at)
    size, at = _number(content, at)
    return (offset, size), at


def _block(table: bytes, offset: int, size: int) -> bytes:
    content = table[offset : offset + size]
    return unsnapped(content) if table[offset + size] == 1 else content


def _values(block: bytes) -> Iterator[bytes]:
    end = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little")
    at = 0
    while at < end:
        _, at = _number(block, at)
        key, at = _number(block, at)
        size, at = _number(block, at)
        yield block[at + key : at + key + size]
        at += key + size


def unsnapped(content: bytes) -> bytes:
    """Return what Snappy packed (its `format_description.txt`)."""
    length, at = _number(content, 0)
    done = bytearray()
    while at < len(content):
        tag = content[at]
        at += 1
        if tag & 3 == 0:
            size, more = (tag >> 2) + 1, max(0, (tag >> 2) - 59)
            if more:
                size = int.from_bytes(content[at : at + more], "little") + 1
            done += content[at + more : at + more + size]
            at += more + size
            continue
        width = {1: 1, 2: 2, 3: 4}[tag & 3]
        back = int.from_bytes(content[at : at + width], "little")
        size = (tag >> 2) + 1
        if tag & 3 == 1:
            back |= (tag >> 5) << 8
            size = ((tag >> 2) & 7) + 4
        at += width
        for _ in range(size):
            done.append(done[-back])
    assert len(done) == length
    return bytes(done)


def _number(content: bytes, at: int) -> tuple[int, int]:
    """Return a variable-length number and where it ends."""
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
