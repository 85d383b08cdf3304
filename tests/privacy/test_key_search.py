"""A private key is found wherever it lies; what is public or encrypted is left alone."""

import base64
import os
import socket
import sqlite3
from datetime import datetime, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from bot.privacy import roster
from bot.privacy.invitations import invite
from bot.privacy.key_search import find_private_keys
from bot.privacy.member_keys import lock_identity
from bot.privacy.powers import Role
from bot.privacy.recovery import new_recovery
from bot.privacy.seal import generate_identity, recipient_of, seal

IDENTITY = generate_identity()
CODE = new_recovery().code
ED25519 = ed25519.Ed25519PrivateKey.generate()
X25519 = x25519.X25519PrivateKey.generate()
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
PLAIN, LOCKED = NoEncryption(), BestAvailableEncryption(b"words")
PKCS8, OLD, OPENSSH = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH

KEYS = {
    "identity": IDENTITY.encode(),
    "identity in small letters": IDENTITY.lower().encode(),
    "identity in UTF-16": IDENTITY.encode("utf-16-le"),
    "identity in big-endian UTF-16": ("ключ " + IDENTITY).encode("utf-16-be"),
    "identity in UTF-32": IDENTITY.encode("utf-32-le"),
    "identity in hexadecimal": IDENTITY.encode().hex().encode(),
    "identity in base64": base64.b64encode(IDENTITY.encode()),
    "identity in base64, after one letter": base64.b64encode(b"x" + IDENTITY.encode()),
    "identity in base64, after two letters": base64.b64encode(b"xx" + IDENTITY.encode()),
    "recovery code": CODE.encode(),
    "recovery code without gaps": CODE.replace(" ", "").lower().encode(),
    "Ed25519, PEM": ED25519.private_bytes(Encoding.PEM, PKCS8, PLAIN),
    "Ed25519, DER": ED25519.private_bytes(Encoding.DER, PKCS8, PLAIN),
    "X25519, DER": X25519.private_bytes(Encoding.DER, PKCS8, PLAIN),
    "X25519, base64": base64.b64encode(X25519.private_bytes(Encoding.DER, PKCS8, PLAIN)),
    "EC, old PEM": EC.private_bytes(Encoding.PEM, OLD, PLAIN),
    "RSA, old PEM": RSA.private_bytes(Encoding.PEM, OLD, PLAIN),
    "RSA, PEM in JSON": RSA.private_bytes(Encoding.PEM, PKCS8, PLAIN).replace(b"\n", b"\\n"),
    "OpenSSH": ED25519.private_bytes(Encoding.PEM, OPENSSH, PLAIN),
}
HARMLESS = {
    "recipient": recipient_of(IDENTITY).encode(),
    "sealed": seal(IDENTITY.encode(), [recipient_of(IDENTITY)]),
    "words about keys": b"An identity reads AGE-SECRET-KEY-1 and more; a PEM file has -----BEGIN PRIVATE KEY-----.",
    "public key": ED25519.public_key().public_bytes_raw().hex().encode(),
    "encrypted PEM": RSA.private_bytes(Encoding.PEM, PKCS8, LOCKED),
    "encrypted old PEM": RSA.private_bytes(Encoding.PEM, OLD, LOCKED),
    "random bytes": os.urandom(3_000_000),
    "the project's name": b"OBERIH1 is no code, oberih1 neither",
}


@pytest.mark.parametrize("form", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("before", [0, (1 << 20) - 40], ids=["at the start", "across two reads"])
def test_a_key_is_found_in_any_file_and_form(tmp_path: Path, form: bytes, before: int) -> None:
    planted = tmp_path / "logs" / "chat.log"
    planted.parent.mkdir()
    planted.write_bytes(b"." * before + b"\n" + form + b"\nmore")
    (tmp_path / "other").write_bytes(b"words")
    assert find_private_keys(tmp_path) == [planted]


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_what_opens_nothing_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert find_private_keys(tmp_path) == []


def test_what_the_roster_stores_is_left_alone(tmp_path: Path) -> None:
    desk = roster.found_desk("helpline")
    (tmp_path / "locked").write_bytes(lock_identity(IDENTITY, "words for this test"))
    expires = datetime(2026, 11, 24, tzinfo=timezone.utc)
    (tmp_path / "invitation").write_bytes(invite(desk, Role.INTAKE, "olha", expires)[1].sealed_code)
    (tmp_path / "shared").write_bytes(roster.share(desk, [], recipient_of(IDENTITY)))
    assert find_private_keys(tmp_path) == []


def test_a_key_in_a_database_is_found_even_after_its_row_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("create table notes (text)")
        database.executemany("insert into notes values (?)", [("x" * 500,), (f"key: {IDENTITY}",)])
        database.commit()
        database.execute("pragma secure_delete = off")
        database.execute("delete from notes where text like 'key%'")
    assert find_private_keys(tmp_path) == [path]


def test_links_pipes_and_sockets_are_no_trap(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert find_private_keys(tmp_path) == []
    assert find_private_keys(tmp_path / "absent") == []
