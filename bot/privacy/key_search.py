"""Finding private keys that lie unencrypted on disk, in whatever file: text, database, log, crash dump.

Recognised: age identities and the recovery code as text (also UTF-16 and UTF-32, hexadecimal, base64),
PEM private keys that are not encrypted, and Ed25519, X25519, Ed448 keys in the bytes of RFC 8410. A bare
32-byte secret looks like any random bytes, and nothing is read inside compressed files.
"""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1 << 20
_OVERLAP = 4096
_BECH32 = rb"[02-9ac-hj-np-z]"
_MARK = b"AGE-SECRET-KEY-1"


def _in_base64(text: bytes) -> Iterator[bytes]:
    """The parts of a text's base64 that are the same whatever stands before and after it, per alignment."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + text)
        first = -(-before * 8 // 6)
        yield encoded[first : (before + len(text)) * 8 // 6]


_TEXT = re.compile(
    rb"|".join(
        (
            rb"AGE-SECRET-KEY-(?:[A-Z]+-)?1" + _BECH32 + rb"{10}",
            rb"OBERIH1[\s-]*(?:" + _BECH32 + rb"[\s-]*){58}",
            # An encrypted one says ENCRYPTED in this line or has headers before its base64.
            rb"-----BEGIN (?:(?:RSA|EC|DSA) )?PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{16}",
            # The start of an OpenSSH key whose cipher is "none".
            rb"-----BEGIN OPENSSH PRIVATE KEY-----(?:\s|\\n)*b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
            _MARK.hex().encode("ascii"),
        )
    ),
    re.IGNORECASE,
)
_SPARKS = (b"age-secret-key-", b"oberih1", b" private key-----", b"-----begin private", _MARK.hex().encode("ascii"))
"""What some alternative of `_TEXT` needs, in small letters: looking for these first is far faster."""
_BYTES = re.compile(
    rb"|".join(
        (
            *(re.escape(part) for part in _in_base64(_MARK)),
            # A private key of RFC 8410, section 7: X25519, X448, Ed25519 or Ed448, plain and as base64.
            rb"\x30[\x2e\x46\x47]\x02\x01\x00\x30\x05\x06\x03\x2b\x65[\x6e-\x71]\x04[\x22\x3a\x3b]\x04[\x20\x38\x39]",
            rb"MC4CAQAwBQYDK2V[uw]BCIEI",
        )
    )
)


def find_private_keys(folder: Path) -> list[Path]:
    """Return the files under a folder, sorted, that hold an unencrypted private key.

    Links to files are followed, links to folders are not. Files this process may not read are left out:
    it could not use what they hold.

    Raises:
        OSError: a file cannot be read for another reason.
    """
    return sorted(path for path in _files(folder) if _holds_key(path))


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            # Sockets and pipes are no files, and reading a pipe would wait for ever.
            if path.is_file():
                yield path


def _holds_key(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                if _key_in(tail + chunk):
                    return True
                tail = chunk[-_OVERLAP:]
    except (PermissionError, FileNotFoundError):
        # Not ours to read, or a temporary file that is gone.
        return False
    return False


def _key_in(content: bytes) -> bool:
    if _BYTES.search(content):
        return True
    # Without its zero bytes, UTF-16 and UTF-32 text reads as ASCII.
    text = content.replace(b"\0", b"")
    small = text.lower()
    return any(spark in small for spark in _SPARKS) and _TEXT.search(text) is not None
