"""Letters on a ticket: what a desk says to the reporter, and what the reporter answers.

Each is sealed twice: to the desk's D, and to Q, which only the receipt opens. Inside both, a label binds ticket,
direction, the desk that wrote it, and number. Outside, that desk signs the reporter's half together with the ticket;
inside its own half it signs what stands there together with the reporter's half. So a letter cannot be moved to
another ticket, turned round, put in another place, made up, or shown as another desk's. Its open signature gives
nothing away to someone who guesses at its words, since it is over sealed bytes; and both outlast that the desk's half
is sealed to another desk, which takes the ticket over and reads on what the former one wrote.

A letter counts only under the present V of the desk that wrote it. When a desk changes its keys, it signs its letters
anew, those on tickets that other desks have now included: whoever has an earlier V can make none.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Optional

from bot.privacy import signing
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.seal import Label, SealError, open_labelled, reseal, seal_field
from bot.privacy.signing import SignatureError

Direction = Literal["to_reporter", "to_desk"]
VerifyKeys = Mapping[str, Sequence[str]]
"""The public halves of each desk's V, pinned, by the desk's id; the present one last."""
_PURPOSE = "letter"
_INSIDE = "letter, the desk's half"
_SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Letter:
    """A sealed letter; only a desk's has a signature (64 bytes)."""

    ticket: str
    direction: Direction
    for_desk: bytes = field(repr=False)
    for_reporter: bytes = field(repr=False)
    signature: Optional[bytes] = field(default=None, repr=False)


class Read(NamedTuple):
    """A letter that was opened: its number, its content, and the desk that signed it (None: it is the reporter's)."""

    number: int
    content: bytes
    desk: Optional[str]


def from_desk(
    desk: str, keys: DeskKeys, reporter: str, ticket: str, number: int, for_desk: bytes, for_reporter: bytes
) -> Letter:
    """Return a desk's letter, signed.

    Args:
        desk: the desk's id.
        keys: the desk's.
        reporter: the public half of Q, stored with the ticket.
        ticket: the ticket's id.
        number: 1 for the first letter of a desk on this ticket; sealed inside.
        for_desk: what the desk reads later.
        for_reporter: what the holder of the receipt reads.

    Raises:
        SealError: Q is malformed.
    """
    label = Label(ticket, _field("to_reporter", desk), number)
    theirs = seal_field(label, for_reporter, [reporter])
    mine = _desk_half(label, theirs, for_desk, keys)
    return Letter(ticket, "to_reporter", mine, theirs, keys.sign(_PURPOSE, _signed(ticket, theirs)))


def from_reporter(desk: str, reporter: str, ticket: str, number: int, for_desk: bytes, for_reporter: bytes) -> Letter:
    """Return a reporter's letter. Nobody signs it: it comes from someone who could type the receipt.

    Args:
        desk: the public half of D, pinned.
        reporter: the public half of Q.
        ticket, number, for_desk, for_reporter: as for `from_desk`; numbers count each direction by itself.

    Raises:
        SealError: a recipient is malformed.
    """
    label = Label(ticket, _field("to_desk"), number)
    return Letter(ticket, "to_desk", seal_field(label, for_desk, [desk]), seal_field(label, for_reporter, [reporter]))


def anew(letter: Letter, desk: str, earlier: DeskKeys, keys: DeskKeys) -> Letter:
    """Return a letter on a desk's ticket under its new keys: the desk's half sealed anew, its own letters signed anew.

    What another desk wrote keeps its signatures.

    Raises:
        SealError, SignatureError: the desk's half does not open with its earlier keys, or it is not as it was signed.
    """
    if letter.direction == "to_desk" or not _is_signed_by(letter, earlier.verify_key):
        return replace(letter, for_desk=reseal(letter.for_desk, earlier.identity, [keys.recipient]))
    number, content, _ = read_at_desk(letter, earlier.identity, {desk: (earlier.verify_key,)})
    label = Label(letter.ticket, _field("to_reporter", desk), number)
    mine = _desk_half(label, letter.for_reporter, content, keys)
    return replace(letter, for_desk=mine, signature=signature_anew(letter, earlier, keys))


def handed_on(letter: Letter, keys: DeskKeys, recipient: str) -> Letter:
    """Return a letter on a desk's ticket whose desk's half is sealed to another desk's D; signatures stay.

    Raises:
        SealError: it does not open.
    """
    return replace(letter, for_desk=reseal(letter.for_desk, keys.identity, [recipient]))


def signature_anew(letter: Letter, earlier: DeskKeys, keys: DeskKeys) -> bytes:
    """Return a desk's signature under its own letter, on whosever ticket, with its new keys.

    Raises:
        SignatureError: it was not signed with the earlier ones.
    """
    if not _is_signed_by(letter, earlier.verify_key):
        raise SignatureError("This letter is not the desk's.")
    return keys.sign(_PURPOSE, _signed(letter.ticket, letter.for_reporter))


def read_at_desk(letter: Letter, identity: str, verify_keys: VerifyKeys) -> Read:
    """Return a letter as the ticket's desk reads it.

    Args:
        letter: as it was stored.
        identity: D of the ticket's desk.
        verify_keys: V of all desks. What another desk wrote for desks it may have signed with an earlier one, since it
            cannot open that any more to sign it anew: give its own desk the present one alone.

    Raises:
        SealError: it does not open, or belongs elsewhere.
        SignatureError: it says that it is a desk's, and is not.
    """
    desk = _signer(letter, verify_keys)
    label, content = _opened(letter, desk, letter.for_desk, identity)
    if desk is None:
        return Read(label.version, content, None)
    signature, content = content[:_SIGNATURE_BYTES], content[_SIGNATURE_BYTES:]
    message = _signed_inside(label, letter.for_reporter, content)
    if not any(_holds(key, _INSIDE, message, signature) for key in verify_keys[desk]):
        raise SignatureError("The desk's half of this letter was not signed by its desk: do not trust it.")
    return Read(label.version, content, desk)


def read_with_receipt(letter: Letter, identity: str, verify_keys: VerifyKeys) -> Read:
    """Return a letter as the holder of the receipt reads it.

    Args:
        letter: as it was stored.
        identity: Q.
        verify_keys: V of all desks.

    Raises:
        SealError: it does not open, or belongs elsewhere.
        SignatureError: it says that it is a desk's, and is not: show nothing of it.
    """
    desk = _signer(letter, verify_keys)
    label, content = _opened(letter, desk, letter.for_reporter, identity)
    return Read(label.version, content, desk)


def _signer(letter: Letter, verify_keys: VerifyKeys) -> Optional[str]:
    """Return the desk under whose present V a letter stands; None for a reporter's."""
    if letter.direction == "to_desk":
        return None
    for desk, keys in verify_keys.items():
        if _is_signed_by(letter, keys[-1]):
            return desk
    raise SignatureError("No desk signed this letter: do not trust it.")


def _is_signed_by(letter: Letter, verify_key: str) -> bool:
    signed = _signed(letter.ticket, letter.for_reporter)
    return letter.signature is not None and _holds(verify_key, _PURPOSE, signed, letter.signature)


def _holds(verify_key: str, purpose: str, message: bytes, signature: bytes) -> bool:
    try:
        signing.verify(verify_key, purpose, message, signature)
    except SignatureError:
        return False
    return True


def _opened(letter: Letter, desk: Optional[str], sealed: bytes, identity: str) -> tuple[Label, bytes]:
    label, content = open_labelled(sealed, identity)
    if (label.ticket, label.field) != (letter.ticket, _field(letter.direction, desk)):
        raise SealError("This opens, but it belongs to another ticket, direction or desk.")
    return label, content


def _desk_half(label: Label, for_reporter: bytes, content: bytes, keys: DeskKeys) -> bytes:
    signature = keys.sign(_INSIDE, _signed_inside(label, for_reporter, content))
    return seal_field(label, signature + content, [keys.recipient])


def _field(direction: Direction, desk: Optional[str] = None) -> str:
    return direction if desk is None else f"{direction} from {desk}"


def _signed(ticket: str, for_reporter: bytes) -> bytes:
    return hashlib.sha256(for_reporter).digest() + ticket.encode("ascii")


def _signed_inside(label: Label, for_reporter: bytes, content: bytes) -> bytes:
    where = f"{label.ticket} {label.version} {label.field}".encode("ascii")
    return hashlib.sha256(for_reporter).digest() + hashlib.sha256(content).digest() + where
