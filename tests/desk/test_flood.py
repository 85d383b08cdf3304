"""A flood of edited reports buries nobody: who says something of their own stays on the first screen."""

from random import Random

import numpy as np
import pytest

from bot import PROJECT_ROOT
from bot.desk import index, lanes, table
from bot.desk.inbox import Inbox
from bot.desk.index import Index
from bot.desk.lanes import Named
from bot.desk.queue_view import PAGE
from bot.desk.sessions import Sessions
from bot.knowledge.common import load_common
from bot.reports.copies import said
from bot.reports.glance import glance
from bot.reports.identifiers import Leads
from bot.reports.ticket import Identifier, Ticket, to_bytes
from bot.store.records import Standing
from evaluation.floods import REAL, flood, real
from tests.reports.tickets import NOW, ticket


@pytest.fixture(scope="module")
def leads() -> Leads:
    return Leads(load_common(PROJECT_ROOT / "data"))


def inbox_of(tickets: list[Ticket], leads: Leads) -> Inbox:
    """What a session has of these tickets, each with its place as its id."""
    seen = [glance(to_bytes(one)) for one in tickets]
    texts = said([one.said for one in seen])
    standings = [Standing(f"{at:032x}", "new", one.created.date(), b"m" * 22) for at, one in enumerate(seen)]
    made = table.made([table.entry(one, look, 0) for one, look in zip(standings, seen, strict=True)])
    named = [(lanes.lead_number(lead), slot) for slot, one in enumerate(seen) for lead in leads.of(one)]
    numbers, slots = zip(*named, strict=True) if named else ((), ())
    naming = Named(np.array(numbers, np.uint64), np.array(slots, np.uint32))
    lanes.fold(made, texts, naming)
    session = Sessions().start()[1]
    index.keep(session, index.NAMED, naming._asdict())
    index.keep(session, index.PLACES, {"text": np.empty(0, np.uint8), "ends": np.zeros(len(made), np.uint32)})
    order = table.in_order(made)
    return Inbox(Index(session, made, order, 0, table.counts(made, order), table.countries(made, order)))


def first_screen(inbox: Inbox) -> list[int]:
    return list(inbox.lines(inbox.having("state", "new")).slots[:PAGE])


@pytest.mark.parametrize(
    ("count", "loud"), [(10_000, False), (2_000, True)], ids=["plain", "urgent, child, complete, linked"]
)
def test_twenty_real_reports_are_on_the_first_screen_over_thousands_edited_from_fifty(
    leads: Leads, count: int, loud: bool
) -> None:
    tickets = [*real(NOW), *flood(count, NOW, Random(2), loud=loud)]
    inbox = inbox_of(tickets, leads)
    assert set(range(REAL)) <= set(first_screen(inbox))
    lines = inbox.lines(inbox.having("state", "new"))
    assert len(lines.slots) < REAL + 100 and lines.copies.sum() == len(tickets)


def test_mass_is_seen_too_every_fifth_line(leads: Leads) -> None:
    inbox = inbox_of([*real(NOW), *real(NOW), *flood(500, NOW, Random(3), loud=False)], leads)
    lines = inbox.lines(inbox.having("state", "new"))
    mass = [slot >= 2 * REAL for slot in lines.slots]
    assert mass[4::5][:4] == [True] * 4 and sum(mass[:20]) == 4


ADVERT = "Робота на складі в Німеччині, житло безкоштовно, документи робимо самі, виїзд завтра"
OWN = (
    "Моя сестра поїхала з ним минулого тижня і більше не відповідає на дзвінки",
    "Він чекав біля вокзалу, забрав у подруги паспорт і сказав, що вона йому винна",
    "Бачила це оголошення у трьох групах, щоразу інше ім'я, але телефон той самий",
)
PHONE, OTHER = (Identifier(value=f"+38050234567{last}", type="phone") for last in "89")


def test_copies_take_one_line_and_texts_of_ones_own_take_theirs(leads: Leads) -> None:
    tickets = [ticket(offer=f"{ADVERT}. Дзвоніть {n}") for n in range(4)] + [ticket(narrative=own) for own in OWN]
    inbox = inbox_of(tickets, leads)
    lines = inbox.lines(inbox.having("state", "new"))
    assert sorted(lines.copies) == [1, 1, 1, 4]
    assert set(inbox.ids(inbox.lane(f"{2:032x}"))) == {f"{n:032x}" for n in range(4)}
    assert len(inbox.lines(inbox.lane(f"{0:032x}"), folded=False).slots) == 4


def test_repeats_count_texts_of_their_own_and_all_mass_once(leads: Leads) -> None:
    own = [ticket(narrative=text, identifiers=(PHONE,)) for text in OWN[:2]]
    copies = [ticket(offer=ADVERT, identifiers=(PHONE,)) for _ in range(3)]
    mass = [ticket(**{**one.dict(), "identifiers": (OTHER,)}) for one in flood(600, NOW, Random(4), loud=False)]
    inbox = inbox_of([*own, *copies, *mass, ticket(narrative=OWN[2])], leads)
    repeats = [row.repeats for row in inbox.rows(inbox.lines(inbox.having("state", "new"), folded=False))]
    assert sorted(repeats) == [0] * 601 + [3] * 5
    links = inbox.links(f"{0:032x}", leads.of(own[0]))
    assert links is not None and [(len(link.tickets), link.texts, link.accepted) for link in links] == [(5, 3, 0)]


def test_one_that_a_flood_swallows_comes_out_by_what_somebody_else_names(leads: Leads) -> None:
    mass = list(flood(500, NOW, Random(5), loud=False))
    swallowed = ticket(offer=mass[0].offer, identifiers=(PHONE,))
    alone = inbox_of([*mass, swallowed], leads)
    assert len(alone.ids(alone.lane(f"{500:032x}"))) > 5
    vouched = inbox_of([*mass, swallowed, ticket(narrative=OWN[0], identifiers=(PHONE,))], leads)
    assert vouched.ids(vouched.lane(f"{500:032x}")) == (f"{500:032x}",)
    everyone = [ticket(**{**one.dict(), "identifiers": (PHONE,)}) for one in mass]
    forged = inbox_of([*everyone, ticket(narrative=OWN[0], identifiers=(PHONE,))], leads)
    assert len(forged.lines(forged.having("state", "new")).slots) < 100


def test_a_text_of_look_alike_letters_is_the_same_text(leads: Leads) -> None:
    hidden = ADVERT.replace("а", "a").replace("о", "o").replace("е", "e").replace("ч", "ч\u200b")
    inbox = inbox_of([ticket(offer=ADVERT), ticket(offer=hidden)], leads)
    assert list(inbox.lines(inbox.having("state", "new")).copies) == [2]
