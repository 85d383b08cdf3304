"""What roles may do: one table, complete, and never more than keys allow."""

import pytest

from bot.privacy.powers import HOLDERS, NEEDS_SECRET, POWERS, Act, Role, may


def test_every_act_is_somebodys_and_every_role_does_something() -> None:
    assert set(POWERS) == set(Act) and all(POWERS.values())
    assert all(any(may(role, act) for act in Act) for role in Role)


@pytest.mark.parametrize("act", sorted(NEEDS_SECRET))
def test_what_needs_the_desks_secret_is_given_to_its_holders_alone(act: Act) -> None:
    assert POWERS[act] <= HOLDERS


def test_an_auditor_reads_the_log_and_no_ticket() -> None:
    assert {act for act in Act if may(Role.AUDITOR, act)} == {Act.AUDIT, Act.OWN}


def test_an_administrator_invites_and_never_reads() -> None:
    theirs = {act for act in Act if may(Role.ADMIN, act)}
    assert Act.INVITE in theirs and not theirs & {Act.READ, Act.EXPORT, Act.ADMIT, Act.AUDIT}


def test_an_investigator_hands_nothing_on_and_corrects_no_verdict() -> None:
    """Qualifying is intake's: what a police desk sees has passed it."""
    assert not may(Role.INVESTIGATOR, Act.TRANSFER) and not may(Role.INVESTIGATOR, Act.CORRECT)
    assert may(Role.INTAKE, Act.TRANSFER) and may(Role.HOTLINE, Act.TRANSFER)
