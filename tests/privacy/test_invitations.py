"""An invitation opens nothing; who is admitted by it is the one who was told its code, as what they were invited."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.privacy import audit_chain, delegates, invitations, roster
from bot.privacy.audit_chain import START, head_of
from bot.privacy.delegates import Delegate, Writer, member_id, signing_seed
from bot.privacy.invitations import Applicant, Invitation
from bot.privacy.member_keys import unlock_identity
from bot.privacy.powers import Role
from bot.privacy.roster import Listed, Member, OpenDesk, RosterError, listed_as
from bot.privacy.seal import SealError, generate_identity, open_sealed, recipient_of
from bot.privacy.signing import SignatureError

WORDS = "seven quiet herons at dawn"
EXPIRES = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
RECOVERY = recipient_of(generate_identity())


class Staffed:
    """A desk with a member of each kind who may or may not invite without its secret."""

    def __init__(self) -> None:
        self.desk: OpenDesk = roster.found_desk("helpline")
        self.people: dict[Role, Member] = {role: roster.new_member(WORDS) for role in (Role.ADMIN, Role.AUDITOR)}
        listed = [listed_as(role.value, member, role) for role, member in self.people.items()]
        self.shared = roster.share(self.desk, listed, RECOVERY)
        self.members = roster.members_of(self.shared, self.desk.pin)

    def delegate(self, role: Role, desk: "OpenDesk | None" = None) -> Delegate:
        member = self.people[role]
        opened, listed = desk or self.desk, [listed_as(which.value, each, which) for which, each in self.people.items()]
        shared = roster.share(opened, listed, RECOVERY)
        line = roster.member_of(shared, opened.pin, role.value, member.recipient)
        return roster.as_delegate(signing_seed(unlock_identity(member.locked, WORDS)), line, opened.pin)

    def id(self, role: Role) -> str:
        return member_id(self.people[role].recipient)


@pytest.fixture(scope="module")
def staffed() -> Staffed:
    return Staffed()


@pytest.fixture(scope="module")
def newcomer() -> Member:
    return roster.new_member(WORDS)


def made(writer: Writer, inviter: str, newcomer: Member, role: Role = Role.INTAKE) -> tuple[Invitation, Applicant, str]:
    code, invitation = invitations.invite(writer, role, inviter, EXPIRES)
    return invitation, invitations.apply(f" {code.lower()}\n", invitation, "oksana", newcomer), code


def test_who_was_invited_by_the_desk_or_its_administrator_comes_onto_the_list(
    staffed: Staffed, newcomer: Member
) -> None:
    by_desk = made(staffed.desk, "olha", newcomer)
    by_admin = made(staffed.delegate(Role.ADMIN), staffed.id(Role.ADMIN), newcomer, Role.AUDITOR)
    for (invitation, applicant, _), line in (
        (by_desk, Listed("oksana", newcomer.recipient, Role.INTAKE)),
        (by_admin, Listed("oksana", newcomer.recipient, Role.AUDITOR, newcomer.verify_key)),
    ):
        assert invitations.check(staffed.desk, staffed.members, invitation, applicant) == line


def test_an_invitation_and_its_code_open_nothing(staffed: Staffed, newcomer: Member) -> None:
    invitation, _, code = made(staffed.delegate(Role.ADMIN), staffed.id(Role.ADMIN), newcomer)
    assert code not in repr(invitation) and code.encode() not in invitation.sealed_code
    assert staffed.desk.secret not in open_sealed(invitation.sealed_code, staffed.desk.keys.identity)
    with pytest.raises(SealError):
        open_sealed(invitation.sealed_code, generate_identity())


def test_a_request_that_was_changed_or_made_without_the_code_is_refused(staffed: Staffed, newcomer: Member) -> None:
    invitation, applicant, _ = made(staffed.desk, "olha", newcomer)
    _, _, other_code = made(staffed.desk, "olha", newcomer)
    thief = roster.new_member(WORDS)
    for forged in (
        replace(applicant, member=thief),
        replace(applicant, name="another"),
        replace(applicant, proof=bytes(32)),
        invitations.apply(other_code, invitation, "oksana", newcomer),
    ):
        with pytest.raises(RosterError, match="This is not who was invited"):
            invitations.check(staffed.desk, staffed.members, invitation, forged)


def test_an_invitation_that_nobody_who_may_made_admits_nobody(staffed: Staffed, newcomer: Member) -> None:
    false_desk = roster.found_desk("helpline")
    code, by_nobody = invitations.invite(replace(false_desk, pin=staffed.desk.pin), Role.INTAKE, "olha", EXPIRES)
    by_auditor, _, auditors_code = made(staffed.delegate(Role.AUDITOR), staffed.id(Role.AUDITOR), newcomer)
    sound, _, sound_code = made(staffed.delegate(Role.ADMIN), staffed.id(Role.ADMIN), newcomer, Role.AUDITOR)
    for invitation, its_code in (
        (by_nobody, code),
        (by_auditor, auditors_code),
        (replace(sound, role=Role.INTAKE), sound_code),
        (replace(sound, inviter="olha"), sound_code),
        (replace(sound, expires=EXPIRES.replace(year=2030)), sound_code),
    ):
        applicant = invitations.apply(its_code, invitation, "oksana", newcomer)
        with pytest.raises(RosterError, match="Nobody who may invite made this invitation"):
            invitations.check(staffed.desk, staffed.members, invitation, applicant)


def test_an_administrator_who_left_and_one_of_earlier_keys_invite_nobody(staffed: Staffed, newcomer: Member) -> None:
    admin = staffed.delegate(Role.ADMIN)
    invitation, applicant, _ = made(admin, staffed.id(Role.ADMIN), newcomer)
    stay = [line for line in staffed.members if line.role is not Role.ADMIN]
    with pytest.raises(RosterError, match="Nobody who may invite"):
        invitations.check(staffed.desk, stay, invitation, applicant)
    later = roster.found_desk("helpline")
    later = replace(later, pin=replace(later.pin, generation=2))
    with pytest.raises(RosterError, match="Nobody who may invite"):
        invitations.check(later, staffed.members, invitation, applicant)


def test_a_mistyped_code_is_told(staffed: Staffed, newcomer: Member) -> None:
    code, _ = invitations.invite(staffed.desk, Role.INTAKE, "olha", EXPIRES)
    for wrong in (code[:-1], "", "JOIN1", code[:-1] + ("q" if code[-1] != "Q" else "p")):
        with pytest.raises(RosterError, match="not an invitation code"):
            invitations.invitation_id(wrong)


def test_the_number_to_compare_is_that_of_the_key(newcomer: Member) -> None:
    number = invitations.check_number(newcomer.recipient)
    assert number == invitations.check_number(newcomer.recipient)
    assert len(number) == 9 and number != invitations.check_number(recipient_of(generate_identity()))


def test_a_delegate_signs_as_themselves_for_this_desk_and_these_keys(staffed: Staffed) -> None:
    admin, pin = staffed.delegate(Role.ADMIN), staffed.desk.pin
    signature = admin.sign("audit", b"words")
    assert len(signature) == delegates.DELEGATED_BYTES
    own = delegates.verify(pin, staffed.id(Role.ADMIN), "audit", b"words", signature)
    assert own == staffed.people[Role.ADMIN].verify_key
    other = staffed.delegate(Role.AUDITOR).sign("audit", b"words")
    for wrong_pin, member, purpose, said, signed in (
        (pin, staffed.id(Role.AUDITOR), "audit", b"words", signature),
        (pin, "olha", "audit", b"words", signature),
        (pin, staffed.id(Role.ADMIN), "pin", b"words", signature),
        (pin, staffed.id(Role.ADMIN), "audit", b"others", signature),
        (replace(pin, generation=2), staffed.id(Role.ADMIN), "audit", b"words", signature),
        (replace(pin, desk="ngo"), staffed.id(Role.ADMIN), "audit", b"words", signature),
        (pin, staffed.id(Role.ADMIN), "audit", b"words", signature[:64]),
        (pin, staffed.id(Role.ADMIN), "audit", b"words", signature[:64] + other[64:]),
        (pin, staffed.id(Role.ADMIN), "audit", b"words", b""),
    ):
        with pytest.raises(SignatureError):
            delegates.verify(wrong_pin, member, purpose, said, signed)


def test_a_log_with_entries_of_delegates_is_whole_and_none_writes_as_another(staffed: Staffed) -> None:
    admin, keys = staffed.delegate(Role.ADMIN), {1: staffed.desk.pin.verify_key}
    first = audit_chain.next_entry(START, staffed.desk, EXPIRES, "olha", "found")
    second = audit_chain.next_entry(head_of(first), admin, EXPIRES, staffed.id(Role.ADMIN), "invite")
    assert audit_chain.examine([first, second], keys, head_of(second)) == ()
    forged = audit_chain.next_entry(head_of(first), admin, EXPIRES, "olha", "export")
    assert "Entry 2 is not signed by the desk" in " ".join(audit_chain.examine([first, forged], keys, head_of(forged)))
