"""What someone does who has taken every file of a machine, and its environment: tries all of it as keys.

Tried, from every file and the environment, in UTF-8 and UTF-16: age identities and other Bech32 texts,
hexadecimal and base64, every 32 neighbouring bytes; each as an age identity, a desk's S and the recovery
key's secret; and short lines, environment values and common passphrases for the members' keys.
"""

import base64
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import bech32
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.privacy.derive import age_identity, hkdf
from bot.privacy.member_keys import LockedKeyError, WrongPassphrase, unlock_identity
from bot.privacy.seal import SealError, open_sealed, recipient_of

_MOST_PASSPHRASES = 24
_LARGEST_FOR_WINDOWS = 1 << 19
_COMMON = ("password", "passwordpassword", "correct horse battery staple", "training training", "123456789012345")
_BECH32 = re.compile(rb"[a-z][a-z0-9-]{0,20}1[02-9ac-hj-np-z \-]{58,90}", re.IGNORECASE)
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){32,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{43,}={0,2}")
_RECIPIENT = re.compile(rb"age1[02-9ac-hj-np-z]{58}")


def attack(folders: Iterable[Path], environment: Mapping[str, str], database: Path) -> list[bytes]:
    """Return the content of every ticket that opens."""
    files = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    files.append("\n".join(f"{name}={value}" for name, value in environment.items()).encode())
    wanted = {_public(found) for content in files for found in _RECIPIENT.findall(content)}
    identities = {i for secret in _secrets(files) for i in _identities(secret) if _public_of(i) in wanted}
    tickets, desks, members = _rows(database)
    texts = {age_identity(identity) for identity in identities} | set(_unlocked(members, files, environment))
    # A member's key, or the recovery key, opens a desk's secret first.
    for (shared,) in desks:
        wrapped = base64.b64decode(json.loads(shared)["secret"])
        for identity in tuple(texts):
            for content in _opened(wrapped, identity):
                texts |= {age_identity(i) for secret in _windows(content) for i in _identities(secret)}
    keys = [identity for identity in texts if _public(recipient_of(identity).encode()) in wanted]
    return [content for (sealed,) in tickets for identity in keys for content in _opened(sealed, identity)]


def _rows(database: Path) -> tuple[list[tuple[bytes]], list[tuple[bytes]], list[tuple[bytes]]]:
    connection = sqlite3.connect(database)
    try:
        return (
            connection.execute("SELECT sealed_body FROM ticket WHERE sealed_body IS NOT NULL").fetchall(),
            connection.execute("SELECT sealed_secret FROM desk_secret").fetchall(),
            connection.execute("SELECT locked_identity FROM member").fetchall(),
        )
    finally:
        connection.close()


def _secrets(files: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for content in files:
        # Without its zero bytes, UTF-16 reads as ASCII.
        for text in {content, content.replace(b"\0", b"")}:
            found.update(_in_text(text))
        if len(content) <= _LARGEST_FOR_WINDOWS:
            found.update(_windows(content))
    # Random bytes have many different values: runs of zeros and words do not.
    return {secret for secret in found if len(set(secret)) >= 20}


def _in_text(text: bytes) -> Iterator[bytes]:
    for match in _HEX.finditer(text):
        yield from _windows(bytes.fromhex(match.group().decode()))
    for match in _BASE64.finditer(text):
        letters = match.group().rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = letters[start:]
            yield from _windows(base64.b64decode(part[: len(part) // 4 * 4] + b""))
        if len(letters) % 4 != 1:
            yield from _windows(base64.b64decode(letters + b"=" * (-len(letters) % 4)))
    for match in _BECH32.finditer(text):
        letters = re.sub(r"[\s-](?!SECRET|KEY|secret|key|1)", "", match.group().decode())
        for length in range(len(letters), 58, -1):
            _, groups = bech32.bech32_decode(letters[:length])
            data = bech32.convertbits(groups, 5, 8, False) if groups else None
            if data is not None:
                yield from _windows(bytes(data))


def _windows(content: bytes) -> Iterator[bytes]:
    for start in range(len(content) - 31):
        yield content[start : start + 32]


def _identities(secret: bytes) -> Iterator[bytes]:
    yield secret
    yield hkdf(secret, "oberih/v1/D")
    yield hkdf(secret, "oberih/v1/R/age")


def _public_of(identity: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(identity).public_key().public_bytes_raw()


def _public(recipient: bytes) -> bytes:
    groups = bech32.bech32_decode(recipient.decode())[1]
    return bytes(bech32.convertbits(groups, 5, 8, False)) if groups else b""


def _opened(sealed: bytes, identity: str) -> Iterator[bytes]:
    try:
        yield open_sealed(sealed, identity)
    except SealError:
        return


def _unlocked(members: list[tuple[bytes]], files: list[bytes], environment: Mapping[str, str]) -> Iterator[str]:
    lines = [line.strip() for text in files if len(text) < 200 for line in text.decode("utf-8", "ignore").splitlines()]
    tried = dict.fromkeys([*_COMMON, *lines, *environment.values()])
    for passphrase in [text for text in tried if 15 <= len(text) <= 60][:_MOST_PASSPHRASES]:
        for (locked,) in members:
            try:
                yield unlock_identity(locked, passphrase)
            except (WrongPassphrase, LockedKeyError):
                continue
