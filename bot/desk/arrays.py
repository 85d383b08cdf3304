"""Arrays as bytes and back, so that a session can seal them: no copy is made when they are read again."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH_BYTES = 4
_ALIGNED = 16


def packed(arrays: "Mapping[str, NDArray[Any]]") -> bytes:
    """Return arrays of one dimension or more, each by a name, as bytes."""
    described, parts, at = [], [], 0
    for name, array in arrays.items():
        plain = np.ascontiguousarray(array)
        kind = plain.dtype.descr if plain.dtype.names else plain.dtype.str
        described.append([name, kind, plain.shape, at])
        padding = -plain.nbytes % _ALIGNED
        parts += [plain.tobytes(), bytes(padding)]
        at += plain.nbytes + padding
    head = json.dumps(described).encode("ascii")
    head += b" " * (-(len(head) + _LENGTH_BYTES) % _ALIGNED)
    return b"".join((len(head).to_bytes(_LENGTH_BYTES, "big"), head, *parts))


def unpacked(content: bytes) -> "dict[str, NDArray[Any]]":
    """Return what `packed` was given; the arrays cannot be written to."""
    length = int.from_bytes(content[:_LENGTH_BYTES], "big")
    start = _LENGTH_BYTES + length
    arrays = {}
    for name, described, shape, at in json.loads(content[_LENGTH_BYTES:start]):
        kind = np.dtype(_tuples(described))
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(content, kind, count, start + at).reshape(shape)
    return arrays


def _tuples(described: Any) -> Any:
    """JSON knows no tuples, and numpy tells structured types by them."""
    if isinstance(described, str):
        return described
    return [tuple(tuple(part) if isinstance(part, list) else part for part in field) for field in described]
