"""What a session holds opens with its cookie alone, for an hour, and not while it is locked."""

import pickle

import pytest

from bot.desk.sessions import IDLE_SECONDS, LONGEST_SECONDS, WHO, SessionOver, Sessions
from tests.desk.site import Clock

SECRET = "the desk's secret, forty-one characters long"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(clock)


def begun(sessions: Sessions) -> str:
    token, session = sessions.start()
    session.put(WHO, {"name": "olha"})
    session.put("keys", SECRET)
    return token


def test_what_is_kept_opens_with_the_cookie_alone(sessions: Sessions) -> None:
    token = begun(sessions)
    assert sessions.find(token).get("keys") == SECRET
    left = pickle.dumps({identifier: (kept.drawers, kept.started) for identifier, kept in sessions._kept.items()})
    assert SECRET.encode() not in left
    assert token.encode() not in left and bytes.fromhex(token) not in left


def test_another_cookie_finds_nothing(sessions: Sessions) -> None:
    token = begun(sessions)
    for other in ("", "no cookie", "00" * 32, token[:-2], token[::-1], "ÿ" * 64):
        assert sessions.find(other) is None


def test_a_drawer_put_in_the_place_of_another_does_not_open(sessions: Sessions) -> None:
    session = sessions.find(begun(sessions))
    [kept] = sessions._kept.values()
    kept.drawers["keys"] = kept.drawers[WHO]
    with pytest.raises(SessionOver):
        session.get("keys")


def test_idle_for_15_minutes_locks_and_forgets_the_keys(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    clock.now += IDLE_SECONDS - 1
    assert not sessions.find(token).locked
    clock.now += IDLE_SECONDS
    session = sessions.find(token)
    assert session.locked and session.get(WHO) == {"name": "olha"}
    with pytest.raises(SessionOver):
        session.get("keys")


def test_looking_at_a_locked_session_does_not_wake_it(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    clock.now += IDLE_SECONDS
    sessions.find(token).put("keys", "again")
    clock.now += 1
    assert sessions.find(token).locked


def test_an_unlocked_session_is_idle_from_then_on(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    clock.now += IDLE_SECONDS
    sessions.find(token).unlock("keys", SECRET)
    clock.now += IDLE_SECONDS - 1
    assert sessions.find(token).get("keys") == SECRET


def test_an_hour_ends_it_however_busy(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    held = sessions.find(token)
    for _ in range(6):
        clock.now += LONGEST_SECONDS / 6
        sessions.find(token)
    assert sessions.find(token) is None and not sessions._kept
    with pytest.raises(SessionOver):
        held.get("keys")


def test_ending_a_session_empties_it_for_whoever_still_holds_it(sessions: Sessions) -> None:
    token = begun(sessions)
    held = sessions.find(token)
    sessions.forget(token)
    assert sessions.find(token) is None
    with pytest.raises(SessionOver):
        held.get("keys")
    sessions.forget(token)


def test_two_sessions_share_nothing(sessions: Sessions) -> None:
    first, second = begun(sessions), begun(sessions)
    assert sessions.find(first).csrf != sessions.find(second).csrf
    sessions.forget(first)
    assert sessions.find(second).get("keys") == SECRET
