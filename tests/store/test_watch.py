"""What is known of a desk's being awake: full hours, and nothing of what waits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from bot.reports.gate import Watch
from bot.store import tables
from bot.store.database import Database
from bot.store.errors import StoreRefused
from bot.store.tickets import Tickets
from bot.store.watch import Watches
from tests.stored import DESK, a_ticket

NOW = datetime(2026, 11, 24, 12, 34, 56, tzinfo=timezone.utc)
HOUR = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)


@pytest.fixture
def watches(database: Database) -> Watches:
    return Watches(database)


def test_a_login_is_kept_as_its_hour(watches: Watches) -> None:
    assert watches.of(DESK.id) == Watch(DESK.id) and watches.all() == {}
    watches.note_login(DESK.id, NOW)
    assert watches.of(DESK.id) == Watch(DESK.id, last_login=HOUR)
    watches.note_login(DESK.id, NOW + timedelta(hours=5))
    assert watches.all() == {DESK.id: Watch(DESK.id, last_login=HOUR + timedelta(hours=5))}
    with pytest.raises(StoreRefused):
        watches.note_login("another", NOW)


def test_the_first_urgent_one_counts_until_somebody_logs_in(watches: Watches, tickets: Tickets) -> None:
    tickets.insert(a_ticket(), [])
    assert watches.all() == {}
    first = a_ticket()
    tickets.insert(first, [], urgent=NOW)
    tickets.insert(first, [], urgent=NOW - timedelta(hours=9))
    tickets.insert(a_ticket(), [], urgent=NOW + timedelta(hours=2))
    assert watches.of(DESK.id) == Watch(DESK.id, urgent_since=HOUR)
    watches.note_login(DESK.id, NOW)
    assert watches.of(DESK.id) == Watch(DESK.id, last_login=HOUR)
    assert tickets.replace_content(first, urgent=NOW) and not tickets.replace_content(a_ticket(), urgent=NOW)
    assert watches.of(DESK.id) == Watch(DESK.id, last_login=HOUR, urgent_since=HOUR)


def test_the_contact_is_told_once_between_two_logins(watches: Watches) -> None:
    watches.note_login(DESK.id, NOW)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: watches.note_page(DESK.id, NOW), range(8)))
    assert told.count(True) == 1 and watches.of(DESK.id).paged == HOUR
    watches.unpage(DESK.id)
    assert watches.note_page(DESK.id, NOW) and not watches.note_page(DESK.id, NOW)
    watches.note_login(DESK.id, NOW)
    assert watches.note_page(DESK.id, NOW)


@pytest.mark.parametrize("moment", [NOW, HOUR.replace(tzinfo=None)])
def test_nothing_finer_than_an_hour_can_be_stored(database: Database, moment: datetime) -> None:
    with pytest.raises(StoreRefused, match="no full hour"), database.write() as connection:
        connection.execute(tables.watch.insert(), [{"desk": DESK.id, "last_login": moment}])
