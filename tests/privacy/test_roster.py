"""Members come onto a signed list with their role and go by a new secret; nobody else ever opens the desk."""

import base64
import json

import pytest

from bot.privacy import pins as pin_book
from bot.privacy import roster
from bot.privacy.member_keys import WrongPassphrase
from bot.privacy.pins import Pins
from bot.privacy.powers import HOLDERS, Role
from bot.privacy.recovery import Recovery, new_recovery
from bot.privacy.roster import Listed, Member, OpenDesk, RosterError, listed_as
from bot.privacy.seal import SealError, generate_identity, recipient_of

FIRST, SECOND = "first member's words", "second member's words"


class Founded:
    """A desk with one member, as `oberih init` leaves it."""

    def __init__(self) -> None:
        self.recovery: Recovery = new_recovery()
        self.desk: OpenDesk = roster.found_desk("helpline")
        self.pins: Pins = pin_book.add_by_root(pin_book.start(self.recovery), "helpline", self.desk.keys, self.recovery)
        self.first: Member = roster.new_member(FIRST)
        self.shared = roster.share(self.desk, [listed_as("first", self.first, Role.INTAKE)], self.pins.recovery)


@pytest.fixture(scope="module")
def founded() -> Founded:
    return Founded()


class Joined:
    """One more member, and the shared blob with both."""

    def __init__(self, founded: Founded, role: Role) -> None:
        self.member = roster.new_member(SECOND)
        self.shared = roster.let_in(founded.desk, listed_as("second", self.member, role), founded.shared, founded.pins)


@pytest.fixture(scope="module")
def joined(founded: Founded) -> Joined:
    return Joined(founded, Role.INVESTIGATOR)


@pytest.fixture(scope="module")
def auditor(founded: Founded) -> Joined:
    return Joined(founded, Role.AUDITOR)


def test_a_new_desk_is_pinned_as_it_was_founded(founded: Founded) -> None:
    assert founded.pins.current("helpline") == founded.desk.pin


def test_a_member_logs_in_with_the_passphrase_only(founded: Founded) -> None:
    pin = founded.desk.pin
    assert roster.log_in(founded.first.locked, FIRST, "first", founded.shared, pin).secret == founded.desk.secret
    with pytest.raises(WrongPassphrase):
        roster.log_in(founded.first.locked, SECOND, "first", founded.shared, pin)


def test_who_joins_opens_the_desk_and_who_was_there_still_does(founded: Founded, joined: Joined) -> None:
    member, shared = joined.member, joined.shared
    pin = founded.desk.pin
    assert roster.members_of(shared, pin) == (
        Listed("first", founded.first.recipient, Role.INTAKE),
        Listed("second", member.recipient, Role.INVESTIGATOR),
    )
    assert roster.log_in(member.locked, SECOND, "second", shared, pin).secret == founded.desk.secret
    assert roster.log_in(founded.first.locked, FIRST, "first", shared, pin).secret == founded.desk.secret


def test_the_recovery_key_opens_the_desk(founded: Founded) -> None:
    assert roster.recover(founded.shared, founded.desk.pin, founded.recovery).secret == founded.desk.secret
    with pytest.raises(SealError):
        roster.recover(founded.shared, founded.desk.pin, new_recovery())


def test_a_member_added_in_the_database_alone_is_never_wrapped_to(founded: Founded) -> None:
    content = json.loads(founded.shared)
    content["members"].append(["mallory", recipient_of(generate_identity()), "intake", ""])
    forged = json.dumps(content).encode()
    with pytest.raises(RosterError, match="did not sign these members"):
        roster.rotate(founded.desk, [], forged, founded.pins)


def test_a_secret_put_in_place_of_the_desks_is_found(founded: Founded) -> None:
    false = roster.found_desk("helpline")
    content = json.loads(roster.share(false, [listed_as("first", founded.first, Role.INTAKE)], founded.pins.recovery))
    content = {**json.loads(founded.shared), "secret": content["secret"]}
    with pytest.raises(RosterError, match="not the pinned secret"):
        roster.log_in(founded.first.locked, FIRST, "first", json.dumps(content).encode(), founded.desk.pin)


def test_who_leaves_cannot_open_the_new_secret(founded: Founded, joined: Joined) -> None:
    member, shared = joined.member, joined.shared
    rotation = roster.rotate(founded.desk, ["second"], shared, founded.pins)
    pins = pin_book.from_json(pin_book.to_json(rotation.pins), founded.recovery.verify_key)
    pin = pins.current("helpline")
    assert pin == rotation.desk.pin and pin.generation == 2
    assert roster.log_in(founded.first.locked, FIRST, "first", rotation.shared, pin).secret == rotation.desk.secret
    assert roster.recover(rotation.shared, pin, founded.recovery).secret == rotation.desk.secret
    with pytest.raises(SealError):
        roster.log_in(member.locked, SECOND, "second", rotation.shared, pin)


def test_the_last_member_cannot_leave(founded: Founded) -> None:
    with pytest.raises(RosterError, match="at least one member"):
        roster.rotate(founded.desk, ["first"], founded.shared, founded.pins)


def opens(founded: Founded, member: Member, shared: bytes) -> bool:
    try:
        return roster.log_in(member.locked, SECOND, "second", shared, founded.desk.pin).secret == founded.desk.secret
    except SealError:
        return False


@pytest.mark.parametrize("role", Role)
def test_the_secret_is_wrapped_to_who_works_on_tickets_and_to_nobody_else(founded: Founded, role: Role) -> None:
    joined = Joined(founded, role)
    assert opens(founded, joined.member, joined.shared) == (role in HOLDERS)


@pytest.mark.parametrize("promoted", ["intake", "admin"])
def test_a_role_written_into_the_database_does_not_count(founded: Founded, auditor: Joined, promoted: str) -> None:
    content = json.loads(auditor.shared)
    for line in content["members"]:
        line[2] = promoted if line[0] == "second" else line[2]
    with pytest.raises(RosterError, match="did not sign these members"):
        roster.members_of(json.dumps(content).encode(), founded.desk.pin)


def test_who_does_not_hold_the_secret_is_no_last_member(founded: Founded, auditor: Joined) -> None:
    with pytest.raises(RosterError, match="at least one member who can open its tickets"):
        roster.rotate(founded.desk, ["first"], auditor.shared, founded.pins)


def test_new_keys_leave_roles_as_they_are_and_certify_anew(founded: Founded, auditor: Joined) -> None:
    rotation = roster.rotate(founded.desk, [], auditor.shared, founded.pins)
    before = roster.member_of(auditor.shared, founded.desk.pin, "second", auditor.member.recipient)
    after = roster.member_of(rotation.shared, rotation.desk.pin, "second", auditor.member.recipient)
    assert (after.role, after.verify_key) == (Role.AUDITOR, before.verify_key)
    assert after.certificate != before.certificate


def test_who_is_not_on_the_signed_list_cannot_be_taken_out_of_it(founded: Founded, joined: Joined) -> None:
    with pytest.raises(RosterError, match="has signed no member third"):
        roster.rotate(founded.desk, ["third"], joined.shared, founded.pins)


def test_a_name_on_the_signed_list_is_not_given_to_somebody_else(founded: Founded, joined: Joined) -> None:
    again = listed_as("second", roster.new_member(FIRST), Role.INTAKE)
    with pytest.raises(RosterError, match="has signed a member second already"):
        roster.let_in(founded.desk, again, joined.shared, founded.pins)
    shared = roster.let_in(founded.desk, again, joined.shared, founded.pins, again=True)
    assert [each.recipient for each in roster.members_of(shared, founded.desk.pin)][1] == again.recipient


def test_names_that_were_exchanged_are_noticed(founded: Founded, joined: Joined) -> None:
    first, second, pin = founded.first.recipient, joined.member.recipient, founded.desk.pin
    roster.refuse_others({"second": second, "first": first}, joined.shared, pin)
    for others in (
        {"first": second, "second": first},
        {"first": first},
        {"first": first, "second": second, "x": second},
    ):
        with pytest.raises(RosterError, match="names other members"):
            roster.refuse_others(others, joined.shared, pin)
    with pytest.raises(RosterError, match="signed another key for second"):
        roster.log_in(founded.first.locked, FIRST, "second", joined.shared, pin)


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
