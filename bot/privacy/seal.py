"""Sealing with age: what a public recipient locks, only its identity opens.

A field of a ticket is sealed with its label inside, so that nobody who can write to the database can
pass one field or ticket off as another, and padded to the next power of two, which leaves of its length
no more than its order of magnitude (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs", PoPETs 2019, section 4: O(log log n) bits; their Padmé costs less on large
files, but tells short texts apart).
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import pyrage

_SMALLEST = 512
_LENGTHS = struct.Struct(">HI")


class SealError(Exception):
    """Something cannot be sealed, or does not open."""


@dataclass(frozen=True)
class Label:
    """What a sealed field is: of which ticket (or desk), which field, in which version of it."""

    ticket: str
    field: str
    version: int


def generate_identity() -> str:
    """Return a new age identity as its text, `AGE-SECRET-KEY-1…`: a private key."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the public half of an identity, `age1…`.

    Raises:
        SealError: this is no identity.
    """
    return str(_identity(identity).to_public())


def seal(plaintext: bytes, recipients: Sequence[str]) -> bytes:
    """Return an age file that any one of the recipients can open.

    Raises:
        SealError: there is no recipient, or one is malformed.
    """
    if not recipients:
        raise SealError("Nothing is sealed to nobody: name at least one recipient.")
    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError as error:
        raise SealError("A recipient is not an age recipient (age1…).") from error
    return bytes(pyrage.encrypt(plaintext, keys))


def open_sealed(ciphertext: bytes, identity: str) -> bytes:
    """Return what was sealed.

    Raises:
        SealError: it was sealed to others, is damaged, or is no age file.
    """
    try:
        return bytes(pyrage.decrypt(ciphertext, [_identity(identity)]))
    except pyrage.DecryptError as error:
        raise SealError("This does not open with this key: it is sealed to others, or damaged.") from error


def seal_field(label: Label, plaintext: bytes, recipients: Sequence[str]) -> bytes:
    """Seal one field, padded, its label inside.

    Raises:
        SealError: there is no recipient, or one is malformed.
    """
    mark = mark_of(label)
    content = _LENGTHS.pack(len(mark), len(plaintext)) + mark + plaintext
    return seal(content.ljust(padded_length(len(content)), b"\0"), recipients)


def open_field(label: Label, ciphertext: bytes, identity: str) -> bytes:
    """Return one field's plaintext.

    Raises:
        SealError: it does not open, or what opens is another field, ticket or version.
    """
    return read_field(label, open_sealed(ciphertext, identity))


def read_field(label: Label, content: bytes) -> bytes:
    """Return one field's plaintext from what `open_sealed` returned.

    Raises:
        SealError: this is no field, or another field, ticket or version.
    """
    found, plaintext = _labelled(content)
    if found != label:
        raise SealError("This opens, but it belongs to another field, ticket or version.")
    return plaintext


def open_labelled(ciphertext: bytes, identity: str) -> tuple[Label, bytes]:
    """Return which field this is, as was sealed inside, and its plaintext; the caller judges the label.

    Raises:
        SealError: it does not open, or was not sealed as a field.
    """
    return _labelled(open_sealed(ciphertext, identity))


def _labelled(content: bytes) -> tuple[Label, bytes]:
    if len(content) < _LENGTHS.size:
        raise SealError("This was not sealed as a field.")
    mark_length, length = _LENGTHS.unpack_from(content)
    start = _LENGTHS.size + mark_length
    if len(content) != padded_length(start + length):
        raise SealError("This was not sealed as a field.")
    return _label(content[_LENGTHS.size : start]), content[start : start + length]


def reseal(ciphertext: bytes, identity: str, recipients: Sequence[str]) -> bytes:
    """Return the same content, its label and padding included, sealed to others.

    Raises:
        SealError: it does not open with this identity, there is no recipient, or one is malformed.
    """
    return seal(open_sealed(ciphertext, identity), recipients)


def padded_length(length: int) -> int:
    """Return the length in bytes that a content of this length is padded to: 512, or the next power of two."""
    return max(_SMALLEST, 1 << (length - 1).bit_length())


def mark_of(label: Label) -> bytes:
    """Return a label as it is sealed in."""
    return json.dumps([label.ticket, label.field, label.version], ensure_ascii=True).encode("ascii")


def _label(mark: bytes) -> Label:
    try:
        ticket, field, version = json.loads(mark)
    except (ValueError, TypeError) as error:
        raise SealError("This was not sealed as a field.") from error
    label = Label(ticket, field, version)
    if mark != mark_of(label):
        raise SealError("This was not sealed as a field.")
    return label


def _identity(text: str) -> "pyrage.x25519.Identity":
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError:
        # Not chained: no part of a private key may come near a log.
        raise SealError("This is not an age identity.") from None
