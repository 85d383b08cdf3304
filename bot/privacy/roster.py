"""Who belongs to a desk, and who can open it: founding it, letting in, logging in, leaving, recovering.

The desk's secret S lies in one shared blob: an age file to R and to the members whose role holds S, and beside it
all members, name, public key and role, signed by V. The signed list is what a change starts from, so whoever writes to
the database cannot add a member and wait for S to be wrapped to them, keep one in who leaves, nor give anybody another
role.
"""

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.privacy import delegates, signing
from bot.privacy import pins as pin_book
from bot.privacy.delegates import Delegate, member_id, signing_seed
from bot.privacy.desk_keys import DeskKeys, new_secret, unwrap_secret, wrap_secret
from bot.privacy.member_keys import lock_identity, unlock_identity
from bot.privacy.pins import Pin, Pins
from bot.privacy.powers import HOLDERS, Role
from bot.privacy.recovery import Recovery
from bot.privacy.seal import generate_identity, recipient_of


class RosterError(Exception):
    """A member cannot be let in or out; the message says what to do."""


@dataclass(frozen=True)
class OpenDesk:
    """A desk whose secret is at hand: just founded, or opened by a member or by R. Never written."""

    pin: Pin
    secret: bytes = field(repr=False)
    keys: DeskKeys

    def sign(self, purpose: str, message: bytes) -> bytes:
        """Return the desk's signature under a message for one purpose."""
        return self.keys.sign(purpose, message)


@dataclass(frozen=True)
class Member:
    """What is known of a member: U locked under their passphrase, its public half, and that of their signing key."""

    locked: bytes = field(repr=False)
    recipient: str
    verify_key: str


@dataclass(frozen=True)
class Listed:
    """One line of a desk's signed list.

    Attributes:
        name: under which they log in.
        recipient: the public half of U.
        role: what they are at the desk.
        verify_key: the public half of the signing key of a member who does not hold the secret, else empty.
        certificate: the desk's, over that key.
    """

    name: str
    recipient: str
    role: Role
    verify_key: str = ""
    certificate: bytes = b""

    @property
    def holds_secret(self) -> bool:
        """Whether the desk's secret is wrapped to them."""
        return self.role in HOLDERS


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
    verify_key = signing.verify_key_of(signing.signing_key(signing_seed(identity)))
    return Member(lock_identity(identity, passphrase), recipient_of(identity), verify_key)


def share(desk: OpenDesk, members: Collection[Listed], recovery: str) -> bytes:
    """Return the shared blob: S wrapped to R and to the members who hold it, all members signed by V.

    Raises:
        SealError: a recipient is malformed.
    """
    listed = sorted(members, key=lambda member: member.name)
    holders = [member.recipient for member in listed if member.holds_secret]
    wrapped = wrap_secret(desk.secret, desk.pin.desk, desk.pin.generation, [*holders, recovery])
    lines = [[member.name, member.recipient, member.role.value, member.verify_key] for member in listed]
    content = {
        "version": 1,
        "members": lines,
        "certificates": {
            member.verify_key: delegates.certify(desk, member_id(member.recipient), member.verify_key).hex()
            for member in listed
            if member.verify_key
        },
        "signature": desk.sign("roster", _message(desk.pin, lines)).hex(),
        "secret": base64.b64encode(wrapped).decode("ascii"),
    }
    return json.dumps(content).encode("ascii")


def listed_as(name: str, member: Member, role: Role) -> Listed:
    """Return the line of a new member; only who does not hold the secret needs a key of their own to sign with."""
    return Listed(name, member.recipient, role, "" if role in HOLDERS else member.verify_key)


def members_of(shared: bytes, pin: Pin) -> tuple[Listed, ...]:
    """Return the members of a shared blob.

    Raises:
        RosterError: the blob is damaged, or the desk did not sign these members.
    """
    return _read(shared, pin)[0]


def member_of(shared: bytes, pin: Pin, name: str, recipient: str) -> Listed:
    """Return one member of a shared blob.

    Raises:
        RosterError: as for `members_of`, or they are not on the list, or with another key.
    """
    for member in members_of(shared, pin):
        if member.name == name:
            if member.recipient != recipient:
                raise RosterError(f"Desk {pin.desk} signed another key for {name}: change nothing, find out why.")
            return member
    raise RosterError(f"Desk {pin.desk} has no member {name} any more: ask for a new invitation.")


def refuse_others(members: Mapping[str, str], shared: bytes, pin: Pin) -> None:
    """Return if the members that a database names, with their recipients, are those that the desk signed.

    Raises:
        RosterError: they are not, or the shared blob is not this desk's.
    """
    if dict(members) != {member.name: member.recipient for member in members_of(shared, pin)}:
        raise RosterError(
            f"The database names other members than desk {pin.desk} signed: change nothing, find out why."
        )


def log_in(locked: bytes, passphrase: str, name: str, shared: bytes, pin: Pin) -> OpenDesk:
    """Open a desk as a member: the passphrase opens U, U opens S, and S must give the pinned keys.

    Raises:
        WrongPassphrase, LockedKeyError: the member's key does not open.
        SealError: S is not wrapped to this member.
        RosterError: what opens is not this desk's secret, or the desk signed another key for this name.
    """
    return open_as(unlock_identity(locked, passphrase), name, shared, pin)


def open_as(identity: str, name: str, shared: bytes, pin: Pin) -> OpenDesk:
    """Open a desk as a member whose U is open already.

    Raises:
        SealError, RosterError: as for `log_in`.
    """
    opened = _open(shared, pin, identity)
    member_of(shared, pin, name, recipient_of(identity))
    return opened


def recover(shared: bytes, pin: Pin, recovery: Recovery) -> OpenDesk:
    """Open a desk with the recovery key.

    Raises:
        SealError, RosterError: as for `log_in`.
    """
    return _open(shared, pin, recovery.identity)


def as_delegate(seed: bytes, listed: Listed, pin: Pin) -> Delegate:
    """Return what a member signs with who does not hold the desk's secret; `seed`: of their own key.

    Raises:
        RosterError: the list names another key for them, or none.
    """
    key = signing.signing_key(seed)
    if signing.verify_key_of(key) != listed.verify_key:
        raise RosterError(f"Desk {pin.desk} lists another key for this member: ask for a new invitation.")
    return Delegate(pin, key, listed.certificate)


def let_in(desk: OpenDesk, member: Listed, shared: bytes, pins: Pins, *, again: bool = False) -> bytes:
    """Return the shared blob with a member more; `again`: in their own place, because their passphrase is lost.

    Raises:
        RosterError: the shared blob is not this desk's, or it has another member of this name.
    """
    listed = members_of(shared, desk.pin)
    others = [known for known in listed if known.name != member.name]
    if len(others) < len(listed) and not again:
        raise RosterError(f"Desk {desk.pin.desk} has signed a member {member.name} already: find out who that is.")
    return share(desk, [*others, member], pins.recovery)


def rotate(desk: OpenDesk, leaving: Collection[str], shared: bytes, pins: Pins) -> Rotation:
    """Give a desk a new secret that the members who leave (by name) do not get.

    Keep the old shared blob until every ticket is sealed and indexed anew.

    Raises:
        RosterError: one of them is no member, nobody would be left, or the shared blob is not this desk's.
        PinError: the desk's keys have changed meanwhile.
    """
    members = members_of(shared, desk.pin)
    strangers = sorted(set(leaving) - {member.name for member in members})
    if strangers:
        raise RosterError(f"Desk {desk.pin.desk} has signed no member {strangers[0]}: change nothing, find out why.")
    staying = [member for member in members if member.name not in leaving]
    if not any(member.holds_secret for member in staying):
        raise RosterError(
            "A desk keeps at least one member who can open its tickets: invite someone before the last one leaves."
        )
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


def _read(shared: bytes, pin: Pin) -> tuple[tuple[Listed, ...], bytes]:
    try:
        content: dict[str, Any] = json.loads(shared)
        lines = content["members"]
        signature, wrapped = bytes.fromhex(content["signature"]), base64.b64decode(content["secret"], validate=True)
        signing.verify(pin.verify_key, "roster", _message(pin, lines), signature)
        members = tuple(_listed(line, content.get("certificates", {})) for line in lines)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RosterError(f"The members of desk {pin.desk} are damaged: restore the database.") from error
    except signing.SignatureError as error:
        raise RosterError(f"Desk {pin.desk} did not sign these members: change nothing, find out why.") from error
    return members, wrapped


def _listed(line: Any, certificates: dict[str, str]) -> Listed:
    name, recipient, role, verify_key = map(str, line)
    certificate = bytes.fromhex(certificates[verify_key]) if verify_key else b""
    return Listed(name, recipient, Role(role), verify_key, certificate)


def _message(pin: Pin, lines: Any) -> bytes:
    return json.dumps([pin.desk, pin.generation, sorted(lines)]).encode("ascii")
