"""Letters on a ticket: what a desk says to the reporter, and what the reporter answers.

Each is sealed twice: to the desk's D, and to Q, which only the receipt opens. Inside, a label binds ticket,
direction and number; outside, the desk signs both sealed halves together with the ticket. So a letter cannot be
moved to another ticket, turned round, put in another place or made up, and its signature gives nothing away to
someone who guesses at its words, since it is over sealed bytes.
"""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Literal, Optional

from bot.privacy import signing
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.seal import Label, SealError, open_labelled, reseal, seal_field
from bot.privacy.signing import SignatureError

Direction = Literal["to_reporter", "to_desk"]
_PURPOSE = "letter"


@dataclass(frozen=True)
class Letter:
    """A sealed letter; only a desk's has a signature (64 bytes)."""

    ticket: str
    direction: Direction
    for_desk: bytes = field(repr=False)
    for_reporter: bytes = field(repr=False)
    signature: Optional[bytes] = field(default=None, repr=False)


def from_desk(keys: DeskKeys, reporter: str, ticket: str, number: int, for_desk: bytes, for_reporter: bytes) -> Letter:
    """Return a desk's letter, signed.

    Args:
        keys: the desk's.
        reporter: the public half of Q, stored with the ticket.
        ticket: the ticket's id.
        number: 1 for the first letter of a desk on this ticket; sealed inside.
        for_desk: what the desk reads later.
        for_reporter: what the holder of the receipt reads.

    Raises:
        SealError: Q is malformed.
    """
    label = Label(ticket, "to_reporter", number)
    mine, theirs = seal_field(label, for_desk, [keys.recipient]), seal_field(label, for_reporter, [reporter])
    return Letter(ticket, "to_reporter", mine, theirs, keys.sign(_PURPOSE, _signed(ticket, mine, theirs)))


def from_reporter(desk: str, reporter: str, ticket: str, number: int, for_desk: bytes, for_reporter: bytes) -> Letter:
    """Return a reporter's letter. Nobody signs it: it comes from someone who could type the receipt.

    Args:
        desk: the public half of D, pinned.
        reporter: the public half of Q.
        ticket, number, for_desk, for_reporter: as for `from_desk`; numbers count each direction by itself.

    Raises:
        SealError: a recipient is malformed.
    """
    label = Label(ticket, "to_desk", number)
    return Letter(ticket, "to_desk", seal_field(label, for_desk, [desk]), seal_field(label, for_reporter, [reporter]))


def anew(letter: Letter, earlier: DeskKeys, keys: DeskKeys) -> Letter:
    """Return a letter of a desk under its new keys: its own half sealed anew, and signed anew if the desk wrote it.

    Raises:
        SealError, SignatureError: it is not a letter of this desk under its earlier keys.
    """
    read_at_desk(letter, earlier)
    mine = reseal(letter.for_desk, earlier.identity, [keys.recipient])
    if letter.direction == "to_desk":
        return replace(letter, for_desk=mine)
    signature = keys.sign(_PURPOSE, _signed(letter.ticket, mine, letter.for_reporter))
    return replace(letter, for_desk=mine, signature=signature)


def read_at_desk(letter: Letter, keys: DeskKeys) -> tuple[int, bytes]:
    """Return number and content of a letter, as its desk sealed or received it.

    Raises:
        SealError: it does not open, or belongs elsewhere.
        SignatureError: it says that it is the desk's, and is not.
    """
    return _read(letter, letter.for_desk, keys.identity, keys.verify_key)


def read_with_receipt(letter: Letter, identity: str, verify_key: str) -> tuple[int, bytes]:
    """Return number and content of a letter for the holder of the receipt.

    Args:
        letter: as it was stored.
        identity: Q.
        verify_key: V of the ticket's desk, pinned.

    Raises:
        SealError: it does not open, or belongs elsewhere.
        SignatureError: it says that it is the desk's, and is not: show nothing of it.
    """
    return _read(letter, letter.for_reporter, identity, verify_key)


def _read(letter: Letter, sealed: bytes, identity: str, verify_key: str) -> tuple[int, bytes]:
    if letter.direction == "to_reporter":
        if letter.signature is None:
            raise SignatureError("Nobody signed this letter: do not trust it.")
        signed = _signed(letter.ticket, letter.for_desk, letter.for_reporter)
        signing.verify(verify_key, _PURPOSE, signed, letter.signature)
    label, content = open_labelled(sealed, identity)
    if (label.ticket, label.field) != (letter.ticket, letter.direction):
        raise SealError("This opens, but it belongs to another ticket or direction.")
    return label.version, content


def _signed(ticket: str, for_desk: bytes, for_reporter: bytes) -> bytes:
    halves = hashlib.sha256(for_desk).digest() + hashlib.sha256(for_reporter).digest()
    return halves + ticket.encode("ascii")
