"""Members come in by a code and go by a new secret; nobody else ever opens the desk."""

import base64
import json

import pytest

from bot.privacy import pins as pin_book
from bot.privacy import roster
from bot.privacy.member_keys import WrongPassphrase
from bot.privacy.pins import Pins
from bot.privacy.recovery import Recovery, new_recovery
from bot.privacy.roster import Joined, Member, OpenDesk, RosterError
from bot.privacy.seal import SealError, generate_identity, open_sealed, recipient_of

FIRST, SECOND = "first member's words", "second member's words"


class Founded:
    """A desk with one member, as `oberih init` leaves it."""

    def __init__(self) -> None:
        self.recovery: Recovery = new_recovery()
        self.desk: OpenDesk = roster.found_desk("helpline")
        self.pins: Pins = pin_book.add_by_root(pin_book.start(self.recovery), "helpline", self.desk.keys, self.recovery)
        self.first: Member = roster.new_member(FIRST)
        self.shared = roster.share(self.desk, [self.first.recipient], self.pins.recovery)


@pytest.fixture(scope="module")
def founded() -> Founded:
    return Founded()


@pytest.fixture(scope="module")
def joined(founded: Founded) -> Joined:
    invitation = roster.invite(founded.desk)
    return roster.join(
        invitation.sealed, f" {invitation.code.lower()}\n", SECOND, founded.shared, founded.pins, "helpline"
    )


def test_a_new_desk_is_pinned_as_it_was_founded(founded: Founded) -> None:
    assert founded.pins.current("helpline") == founded.desk.pin


def test_a_member_logs_in_with_the_passphrase_only(founded: Founded) -> None:
    pin = founded.desk.pin
    assert roster.log_in(founded.first.locked, FIRST, founded.shared, pin).secret == founded.desk.secret
    with pytest.raises(WrongPassphrase):
        roster.log_in(founded.first.locked, SECOND, founded.shared, pin)


def test_who_joins_opens_the_desk_and_who_was_there_still_does(founded: Founded, joined: Joined) -> None:
    member, shared = joined.member, joined.shared
    pin = founded.desk.pin
    assert set(roster.members_of(shared, pin)) == {founded.first.recipient, member.recipient}
    assert roster.log_in(member.locked, SECOND, shared, pin).secret == founded.desk.secret
    assert roster.log_in(founded.first.locked, FIRST, shared, pin).secret == founded.desk.secret


def test_an_invitation_opens_only_with_its_own_code(founded: Founded) -> None:
    invitation, other = roster.invite(founded.desk), roster.invite(founded.desk)
    with pytest.raises(SealError):
        roster.join(invitation.sealed, other.code, SECOND, founded.shared, founded.pins, "helpline")
    with pytest.raises(RosterError, match="not an invitation code"):
        roster.join(invitation.sealed, invitation.code[:-1], SECOND, founded.shared, founded.pins, "helpline")
    for identity in (founded.recovery.identity, founded.desk.keys.identity, generate_identity()):
        with pytest.raises(SealError):
            open_sealed(invitation.sealed, identity)
    assert invitation.code not in repr(invitation)


def test_an_invitation_to_one_desk_does_not_open_another(founded: Founded) -> None:
    pins = pin_book.add_by_root(founded.pins, "other", roster.found_desk("other").keys, founded.recovery)
    invitation = roster.invite(founded.desk)
    with pytest.raises(SealError, match="another field"):
        roster.join(invitation.sealed, invitation.code, SECOND, founded.shared, pins, "other")


def test_the_recovery_key_opens_the_desk(founded: Founded) -> None:
    assert roster.recover(founded.shared, founded.desk.pin, founded.recovery).secret == founded.desk.secret
    with pytest.raises(SealError):
        roster.recover(founded.shared, founded.desk.pin, new_recovery())


def test_a_member_added_in_the_database_alone_is_never_wrapped_to(founded: Founded) -> None:
    content = json.loads(founded.shared)
    content["members"].append(recipient_of(generate_identity()))
    forged = json.dumps(content).encode()
    with pytest.raises(RosterError, match="did not sign these members"):
        roster.rotate(founded.desk, [], forged, founded.pins)


def test_a_secret_put_in_place_of_the_desks_is_found(founded: Founded) -> None:
    false = roster.found_desk("helpline")
    content = json.loads(roster.share(false, [founded.first.recipient], founded.pins.recovery))
    content = {**json.loads(founded.shared), "secret": content["secret"]}
    with pytest.raises(RosterError, match="not the pinned secret"):
        roster.log_in(founded.first.locked, FIRST, json.dumps(content).encode(), founded.desk.pin)


def test_who_leaves_cannot_open_the_new_secret(founded: Founded, joined: Joined) -> None:
    member, shared = joined.member, joined.shared
    rotation = roster.rotate(founded.desk, [member.recipient], shared, founded.pins)
    pins = pin_book.from_json(pin_book.to_json(rotation.pins), founded.recovery.verify_key)
    pin = pins.current("helpline")
    assert pin == rotation.desk.pin and pin.generation == 2
    assert roster.log_in(founded.first.locked, FIRST, rotation.shared, pin).secret == rotation.desk.secret
    assert roster.recover(rotation.shared, pin, founded.recovery).secret == rotation.desk.secret
    with pytest.raises(SealError):
        roster.log_in(member.locked, SECOND, rotation.shared, pin)


def test_the_last_member_cannot_leave(founded: Founded) -> None:
    with pytest.raises(RosterError, match="at least one member"):
        roster.rotate(founded.desk, [founded.first.recipient], founded.shared, founded.pins)


@pytest.mark.parametrize("shared", [b"", b"[]", b"{}", b"\xff"])
def test_a_damaged_roster_is_refused(founded: Founded, shared: bytes) -> None:
    with pytest.raises(RosterError, match="damaged"):
        roster.members_of(shared, founded.desk.pin)


def test_no_secret_shows_in_what_is_stored_or_printed(founded: Founded, joined: Joined) -> None:
    member, shared = joined.member, joined.shared
    for stored in (shared, member.locked, founded.shared):
        assert founded.desk.secret not in stored and base64.b64encode(founded.desk.secret) not in stored
        assert founded.desk.secret.hex().encode() not in stored and b"AGE-SECRET" not in stored
    assert repr(founded.desk.secret) not in repr(founded.desk)
