"""Who can open a desk: founding it, inviting and joining, logging in, leaving, recovering.

The desk's secret S lies in one shared blob: an age file to the members and to R, and beside it the
members' public keys signed by V. The signed list is what a change starts from, so whoever writes to the
database cannot add a member and wait for S to be wrapped to them.
"""

import base64
import json
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from bot.privacy import pins as pin_book
from bot.privacy import signing
from bot.privacy.derive import age_identity, bech32_bytes, bech32_text, hkdf
from bot.privacy.desk_keys import DeskKeys, new_secret, unwrap_secret, wrap_secret
from bot.privacy.member_keys import lock_identity, unlock_identity
from bot.privacy.pins import Pin, Pins
from bot.privacy.recovery import Recovery
from bot.privacy.seal import generate_identity, recipient_of

_CODE_PREFIX = "join"
_CODE_BYTES = 16


class RosterError(Exception):
    """A member cannot be let in or out; the message says what to do."""


@dataclass(frozen=True)
class OpenDesk:
    """A desk whose secret is at hand: just founded, or opened by a member or by R. Never written."""

    pin: Pin
    secret: bytes = field(repr=False)
    keys: DeskKeys


@dataclass(frozen=True)
class Member:
    """What is stored of a member: U locked under their passphrase, and its public half."""

    locked: bytes = field(repr=False)
    recipient: str


@dataclass(frozen=True)
class Invitation:
    """`sealed` is stored; `code` is shown once, kept nowhere, and alone opens it."""

    code: str = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Joined:
    """A new member, the shared blob that lets them in, and the desk as it opened for them."""

    member: Member
    shared: bytes = field(repr=False)
    desk: OpenDesk


@dataclass(frozen=True)
class Rotation:
    """A desk with a new secret: what to store, and the pins to write.

    `earlier` is the secret before, sealed to the new D: whoever opens the desk can finish sealing its tickets anew.
    """

    desk: OpenDesk
    shared: bytes = field(repr=False)
    earlier: bytes = field(repr=False)
    pins: Pins


def found_desk(desk: str) -> OpenDesk:
    """Return a new desk with its first secret; pin its keys, and share the secret with its first member."""
    return _opened(desk, 1, new_secret())


def new_member(passphrase: str) -> Member:
    """Return a new U, locked.

    Raises:
        WeakPassphrase: the passphrase is too easy to guess.
    """
    identity = generate_identity()
    return Member(lock_identity(identity, passphrase), recipient_of(identity))


def share(desk: OpenDesk, members: Collection[str], recovery: str) -> bytes:
    """Return the shared blob: S wrapped to the members' recipients and to R's, the members signed by V.

    Raises:
        SealError: a recipient is malformed.
    """
    names = sorted(set(members))
    wrapped = wrap_secret(desk.secret, desk.pin.desk, desk.pin.generation, [*names, recovery])
    content = {
        "version": 1,
        "members": names,
        "signature": desk.keys.sign("members", _message(desk.pin, names)).hex(),
        "secret": base64.b64encode(wrapped).decode("ascii"),
    }
    return json.dumps(content).encode("ascii")


def members_of(shared: bytes, pin: Pin) -> tuple[str, ...]:
    """Return the members' recipients of a shared blob.

    Raises:
        RosterError: the blob is damaged, or the desk did not sign these members.
    """
    return _read(shared, pin)[0]


def log_in(locked: bytes, passphrase: str, shared: bytes, pin: Pin) -> OpenDesk:
    """Open a desk as a member: the passphrase opens U, U opens S, and S must give the pinned keys.

    Raises:
        WrongPassphrase, LockedKeyError: the member's key does not open.
        SealError: S is not wrapped to this member.
        RosterError: what opens is not this desk's secret.
    """
    return _open(shared, pin, unlock_identity(locked, passphrase))


def open_as(identity: str, shared: bytes, pin: Pin) -> OpenDesk:
    """Open a desk as a member whose U is open already.

    Raises:
        SealError, RosterError: as for `log_in`.
    """
    return _open(shared, pin, identity)


def recover(shared: bytes, pin: Pin, recovery: Recovery) -> OpenDesk:
    """Open a desk with the recovery key.

    Raises:
        SealError, RosterError: as for `log_in`.
    """
    return _open(shared, pin, recovery.identity)


def invite(desk: OpenDesk) -> Invitation:
    """Return an invitation: S sealed to a key that exists only in a one-time code of 128 random bits."""
    code = secrets.token_bytes(_CODE_BYTES)
    sealed = wrap_secret(desk.secret, desk.pin.desk, desk.pin.generation, [recipient_of(_invited(code))])
    text = bech32_text(_CODE_PREFIX, code)
    return Invitation("-".join(text[start : start + 6] for start in range(0, len(text), 6)), sealed)


def invitation_id(code: str) -> str:
    """Return under which id an invitation lies: derived from its code, which it does not give away.

    Raises:
        RosterError: the code is mistyped.
    """
    return hkdf(_parse(code), "oberih/v1/invitation/id")[:16].hex()


def join(sealed: bytes, code: str, passphrase: str, shared: bytes, pins: Pins, desk: str) -> Joined:
    """Let in whom a code invites; delete the invitation with it.

    Raises:
        RosterError: the code is mistyped, or what it opens is not this desk's secret.
        SealError: the code belongs to another invitation, or the desk's secret has changed since.
        WeakPassphrase: the passphrase is too easy to guess.
    """
    pin = pins.current(desk)
    opened = _as_pinned(pin, unwrap_secret(sealed, desk, pin.generation, _invited(_parse(code))))
    return let_in(opened, passphrase, shared, pins)


def let_in(desk: OpenDesk, passphrase: str, shared: bytes, pins: Pins, instead_of: Optional[str] = None) -> Joined:
    """Add a member to an open desk, in the place of one whose passphrase is lost (by recipient) or beside all.

    Raises:
        RosterError: the shared blob is not this desk's.
        WeakPassphrase: the passphrase is too easy to guess.
    """
    member = new_member(passphrase)
    others = [known for known in members_of(shared, desk.pin) if known != instead_of]
    return Joined(member, share(desk, [*others, member.recipient], pins.recovery), desk)


def rotate(desk: OpenDesk, leaving: Collection[str], shared: bytes, pins: Pins) -> Rotation:
    """Give a desk a new secret that the members who leave (by recipient) do not get.

    Keep the old shared blob until every ticket is sealed and indexed anew.

    Raises:
        RosterError: nobody would be left, or the shared blob is not this desk's.
        PinError: the desk's keys have changed meanwhile.
    """
    staying = [member for member in members_of(shared, desk.pin) if member not in leaving]
    if not staying:
        raise RosterError("A desk keeps at least one member: invite someone before the last one leaves.")
    new = _opened(desk.pin.desk, desk.pin.generation + 1, new_secret())
    changed = pin_book.add_by_desk(pins, desk.pin.desk, new.keys, desk.keys)
    earlier = wrap_secret(desk.secret, desk.pin.desk, desk.pin.generation, [new.keys.recipient])
    return Rotation(new, share(new, staying, pins.recovery), earlier, changed)


def open_earlier(earlier: bytes, desk: OpenDesk, pins: Pins) -> OpenDesk:
    """Open a desk's secret before its present one, to seal anew what is still sealed to it.

    Raises:
        SealError: it was not sealed to this desk, or as another generation.
        RosterError: it is not the secret that was pinned before.
        PinError: the desk had no keys before these.
    """
    before = pins.of(desk.pin.desk, desk.pin.generation - 1)
    return _as_pinned(before, unwrap_secret(earlier, before.desk, before.generation, desk.keys.identity))


def _open(shared: bytes, pin: Pin, identity: str) -> OpenDesk:
    return _as_pinned(pin, unwrap_secret(_read(shared, pin)[1], pin.desk, pin.generation, identity))


def _as_pinned(pin: Pin, secret: bytes) -> OpenDesk:
    opened = _opened(pin.desk, pin.generation, secret)
    if opened.pin != pin:
        raise RosterError(f"This is not the pinned secret of desk {pin.desk}: stop, and compare the pin file.")
    return opened


def _opened(desk: str, generation: int, secret: bytes) -> OpenDesk:
    keys = DeskKeys.from_secret(secret)
    return OpenDesk(Pin(desk, generation, keys.recipient, keys.verify_key), secret, keys)


def _read(shared: bytes, pin: Pin) -> tuple[tuple[str, ...], bytes]:
    try:
        content: dict[str, Any] = json.loads(shared)
        members = tuple(map(str, content["members"]))
        signature, wrapped = bytes.fromhex(content["signature"]), base64.b64decode(content["secret"], validate=True)
        signing.verify(pin.verify_key, "members", _message(pin, members), signature)
    except (ValueError, KeyError, TypeError) as error:
        raise RosterError(f"The members of desk {pin.desk} are damaged: restore the database.") from error
    except signing.SignatureError as error:
        raise RosterError(f"Desk {pin.desk} did not sign these members: change nothing, find out why.") from error
    return members, wrapped


def _message(pin: Pin, members: Sequence[str]) -> bytes:
    return json.dumps([pin.desk, pin.generation, sorted(members)]).encode("ascii")


def _invited(code: bytes) -> str:
    return age_identity(hkdf(code, "oberih/v1/invitation"))


def _parse(code: str) -> bytes:
    text = "".join(character for character in unicodedata.normalize("NFKC", code) if character.isalnum()).upper()
    try:
        found = bech32_bytes(_CODE_PREFIX, text)
    except ValueError:
        raise RosterError("This is not an invitation code: copy it again, all of it.") from None
    if len(found) != _CODE_BYTES:
        raise RosterError("This is not an invitation code: copy it again, all of it.")
    return found
