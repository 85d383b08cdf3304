"""The queue and the ticket page, as a browser gets them from a site whose tickets are really sealed."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html import unescape

import pytest

from bot.desk import refresh
from bot.desk.queue_view import PAGE
from bot.reports.child import referral
from bot.reports.ticket import Age, Identifier, Moment, Place, Stage, TicketSign, When
from bot.runtime import desk_session, key_folder
from bot.runtime.audit_log import AuditLog
from bot.runtime.bodies import seal_body
from bot.store import tables
from bot.store.database import Database
from tests.desk.site import NAME, PASSPHRASE, DeskSite, at_work, csrf, log_in, stored
from tests.reports.tickets import ticket

NOW = datetime.now(timezone.utc).replace(microsecond=0)
HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}' javascript:alert(3) http://evil.example/a"
HTMX = {"hx-request": "true"}
PLAIN: Mapping[str, str] = {}


def tickets_on(page: str) -> list[str]:
    return re.findall(r'class="open" href="/tickets/([0-9a-f]{32})"', page)


def choose(browser, shown: str, **fields: str) -> str:
    answer = browser.post("/queue", data={"csrf": csrf(shown), "state": "new", **fields}, headers=HTMX)
    assert answer.status_code == 200
    return answer.text


def decide(browser, page: str, id: str, state: str, headers: Mapping[str, str] = PLAIN, **fields: str):  # type: ignore[no-untyped-def]
    sent = {"csrf": csrf(page), "state": state, "from": "queue", **fields}
    return browser.post(f"/tickets/{id}/state", data=sent, headers=dict(headers))


@pytest.fixture
def worked(own_site: DeskSite) -> dict[str, str]:
    """Four tickets at the desk, by name."""
    sent = {
        "plain": ticket(created=NOW, place=Place(country="PL", words="Warszawa"), narrative="обіцяли склад"),
        "urgent": ticket(created=NOW, when=When(moment=Moment.NOW), stage=Stage.EXPLOITATION, concern="trafficking"),
        "late": ticket(created=NOW - timedelta(days=20), narrative="Віктор", identifiers=(PHONE,)),
        "child": referral(NOW, where=Place(country="CZ")),
    }
    return {name: own_site.send(one) for name, one in sent.items()}


PHONE = Identifier(value="+380502345678", type="phone")


def test_the_queue_shows_what_matters_in_its_order(own_site: DeskSite, worked: dict[str, str]) -> None:
    page = at_work(own_site.browser())
    assert tickets_on(page) == [worked[name] for name in ("child", "urgent", "plain", "late")]
    for words in (
        "Poland · Warszawa",
        "happening now",
        "trafficking · exploitation",
        "6 days late",
        "Child",
        "1 to 4 of 4",
    ):
        assert words in page
    assert "обіцяли" not in page


def test_filters_and_search_narrow_it_and_leave_the_address_alone(own_site: DeskSite, worked: dict[str, str]) -> None:
    browser = own_site.browser()
    page = at_work(browser)
    for fields, names in (
        ({"urgent": "1"}, ["child", "urgent"]),
        ({"child": "1"}, ["child"]),
        ({"country": "PL"}, ["plain"]),
        ({"concern": "trafficking"}, ["urgent"]),
        ({"query": "050 234 56 78"}, ["late"]),
        ({"query": "склад"}, ["plain"]),
        ({"query": worked["child"]}, ["child"]),
        ({"query": "nothing like it"}, []),
        ({"state": "done"}, []),
        ({"state": "no such", "concern": "x", "page": "999999999999", "country": "<b>"}, []),
    ):
        assert tickets_on(choose(browser, page, **fields)) == [worked[name] for name in names], fields
    assert "No ticket fits these filters" in choose(browser, page, query="nothing like it")
    plain = browser.post("/queue", data={"csrf": csrf(page), "state": "new", "query": "Віктор"})
    assert (plain.status_code, plain.headers["location"]) == (303, "/")
    kept = browser.get("/").text
    assert tickets_on(kept) == [worked["late"]] and 'value="Віктор"' in kept


def test_pages_of_25(own_site: DeskSite) -> None:
    sent = [
        own_site.send(ticket(created=NOW - timedelta(hours=n), place=Place(words=f"Warszawa {n}")))
        for n in range(2 * PAGE + 1)
    ]
    browser = own_site.browser()
    page = at_work(browser)
    seen = [tickets_on(page), tickets_on(choose(browser, page, page="1")), tickets_on(choose(browser, page, page="2"))]
    assert [len(ids) for ids in seen] == [PAGE, PAGE, 1]
    assert [id for ids in seen for id in ids] == sent[::-1]
    assert tickets_on(choose(browser, page, page="7")) == seen[2]


def test_near_copies_stand_in_one_line_that_can_be_unfolded(own_site: DeskSite) -> None:
    advert = "Робота на складі в Німеччині, житло безкоштовно, документи робимо самі, виїзд завтра"
    copies = [own_site.send(ticket(created=NOW - timedelta(hours=n), offer=f"{advert} {n}")) for n in range(3)]
    other = own_site.send(ticket(created=NOW, narrative="Він обіцяв моїй сестрі роботу, а потім забрав її паспорт"))
    browser = own_site.browser()
    page = at_work(browser)
    assert (
        tickets_on(page) == [copies[2], other] and "3 near copies" in page and "1 to 2 of 2 lines; tickets: 4" in page
    )
    unfolded = choose(browser, page, lane=copies[2])
    assert tickets_on(unfolded) == copies[::-1] and f"Near copies of {copies[2][:8]}, one by one" in unfolded
    assert tickets_on(choose(browser, page, lane=copies[2], whole="1")) == [copies[2], other]
    assert tickets_on(choose(browser, page, lane="f" * 32)) == []
    after = decide(browser, page, copies[2], "accepted", HTMX).text
    assert tickets_on(choose(browser, page)) == [copies[1], other] and "Accepted." in after


def test_many_tickets_are_opened_over_several_requests_that_say_how_far_they_are(
    own_site: DeskSite, worked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "AT_ONCE", 2)
    for _ in range(2):
        own_site.send(ticket(created=NOW))
    browser, before = own_site.browser(), len(logged(own_site))
    page = at_work(browser)
    assert "2 of 6 opened" in page and tickets_on(page) == []
    assert browser.post("/reading", data={"csrf": "x"}).status_code == 403
    token = re.search('csrf": "([0-9a-f]{64})"', page)
    assert token is not None
    part = browser.post("/reading", data={"csrf": token.group(1)}, headers=HTMX)
    assert "4 of 6 opened" in part.text and "<html" not in part.text
    last = browser.post("/reading", data={"csrf": token.group(1)}, headers=HTMX)
    assert last.headers["hx-redirect"] == "/"
    assert len(tickets_on(browser.get("/").text)) == 6
    assert logged(own_site)[before:] == [("log_in", ""), ("list", ""), ("list", "")]


def test_accept_then_close_through_the_states_of_the_store(own_site: DeskSite, worked: dict[str, str]) -> None:
    browser, id = own_site.browser(), worked["plain"]
    page = at_work(browser)
    after = decide(browser, page, id, "accepted", HTMX).text
    assert id not in tickets_on(after) and "Accepted." in after
    assert '<b id="count-new" hx-swap-oob="true">3</b>' in after
    assert own_site.tickets().get(id).state == "accepted"
    assert tickets_on(choose(browser, page, state="accepted")) == [id]
    for outcome in ({}, {"outcome": ""}, {"outcome": "interesting"}):
        assert decide(browser, page, id, "done", **outcome).status_code == 400
    assert decide(browser, page, id, "done", outcome="to_labour").headers["location"] == "/"
    closed = own_site.tickets().get(id)
    assert (closed.state, closed.outcome) == ("done", "to_labour")
    assert "Closed." in browser.get("/").text and "Closed." not in browser.get("/").text
    assert "passed to labour inspection" in browser.get(f"/tickets/{id}").text
    assert "someone else was faster" in decide(browser, page, id, "rejected", HTMX).text
    assert own_site.tickets().get(id).state == "done"


@pytest.mark.parametrize("state", ["revoked", "new", "", "<b>"])
def test_other_states_cannot_be_reached(own_site: DeskSite, worked: dict[str, str], state: str) -> None:
    browser = own_site.browser()
    page = at_work(browser)
    assert decide(browser, page, worked["plain"], state).status_code == 400
    assert own_site.tickets().get(worked["plain"]).state == "new"


def test_a_ticket_that_comes_or_goes_is_there_or_gone_at_the_next_look(own_site: DeskSite, worked) -> None:
    browser = own_site.browser()
    at_work(browser)
    new = own_site.send(ticket(created=NOW))
    own_site.tickets().withdraw(worked["late"], NOW.date())
    assert set(tickets_on(browser.get("/").text)) == {new, worked["plain"], worked["urgent"], worked["child"]}
    assert browser.get(f"/tickets/{worked['late']}").status_code == 404
    page = browser.get("/").text
    assert tickets_on(choose(browser, page, query="Віктор")) == []


def test_one_that_does_not_open_hides_no_other(own_site: DeskSite, worked: dict[str, str]) -> None:
    # The body of another ticket: it opens with the desk's keys, but is not this one's.
    with sqlite3.connect(own_site.console.settings.var / "oberih.db") as database:
        other = "(SELECT sealed_body FROM ticket WHERE id = ?)"
        change = f"UPDATE ticket SET sealed_body = {other} WHERE id = ?"
        database.execute(change, (worked["urgent"], worked["plain"]))
    browser = own_site.browser()
    page = at_work(browser)
    assert len(tickets_on(page)) == 4 and "Does not open" in page
    shown = browser.get(f"/tickets/{worked['plain']}")
    assert shown.status_code == 200 and "restore the database" in shown.text


def test_a_desk_sees_its_own_tickets_alone(own_site: DeskSite, worked: dict[str, str]) -> None:
    browser = own_site.browser()
    page = at_work(browser, "ngo")
    assert tickets_on(page) == []
    for id in worked.values():
        assert browser.get(f"/tickets/{id}").status_code == 404
        assert decide(browser, page, id, "accepted").status_code == 404
        assert own_site.tickets().get(id).state == "new"


def test_without_a_session_nothing_is_shown_or_done(own_site: DeskSite, worked: dict[str, str]) -> None:
    browser, id = own_site.browser(), worked["plain"]
    for answer in (
        browser.get("/"),
        browser.get(f"/tickets/{id}"),
        browser.post("/queue", data={"state": "new"}),
        browser.post(f"/tickets/{id}/state", data={"state": "accepted"}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    told = browser.post("/queue", data={"state": "new"}, headers=HTMX)
    assert (told.status_code, told.headers["hx-redirect"], told.text) == (200, "/login", "")
    at_work(browser)
    assert browser.post(f"/tickets/{id}/state", data={"state": "accepted"}).status_code == 403
    assert own_site.tickets().get(id).state == "new"


def test_a_ticket_page_shows_what_was_said_and_what_shows_it(own_site: DeskSite) -> None:
    id = own_site.send(
        ticket(
            created=NOW,
            level="high",
            concern="trafficking",
            place=Place(country="DE", words="склад біля вокзалу"),
            offer="Робота в Німеччині.\nПаспорт залишається у нас. Пишіть https://t.me/robota",
            narrative="Сусідка розповіла.",
            language="uk",
            deadline=(NOW + timedelta(days=2)).date(),
            identifiers=(PHONE, Identifier(value="https://t.me/robota", type="url", seen_at=NOW)),
            signs=(TicketSign(id="J24", title="Papers kept", severity="H", evidence=("Паспорт залишається у нас",)),),
            answers=({"question": "q1", "text": "Can they leave?", "answer": "no"},),
            screening=({"dimension": 5, "indicators": ("D5.1", "D5.2"), "rule": "a"},),
        )
    )
    browser = own_site.browser()
    at_work(browser)
    page = browser.get(f"/tickets/{id}").text
    for words in (
        "Unverified allegation", "<mark>Паспорт залишається у нас</mark>", "Can they leave?",
        "Asks for the original passport or ID",
        "hxxps[:]//t[.]me/robota", 'data-copy="https://t.me/robota"', "Germany", "established, rule a", "D5.1",
        "Dimensions established by the rule: 5.", NOW.strftime("%Y-%m-%d %H:%M UTC"), "leaves", 'lang="uk"',
        "Accept (a)",
    ):  # fmt: skip
        assert words in page, words
    assert 'href="https' not in page
    accepted = browser.post(f"/tickets/{id}/state", data={"csrf": csrf(page), "state": "accepted"})
    assert accepted.headers["location"] == f"/tickets/{id}"
    again = browser.get(f"/tickets/{id}").text
    assert "Accepted." in again and "Accept (a)" not in again and "Close" in again


def test_no_field_can_put_markup_on_a_page(own_site: DeskSite) -> None:
    h = HOSTILE
    id = own_site.send(
        ticket(
            created=NOW, age=Age.ADULT, gender=h, place=Place(country="DE", words=h), when=When(words=h), with_whom=h,
            language=h, narrative=h, offer=f"{h}\n{h}", rules_version=h, recruitment_channels=(h,),
            recruitment_methods=(h,), recruiter_relation=h, methods_of_control=(h,), exploitation_types=(h,),
            sexual_exploitation_types=(h,), industry=h, ilo_class=h, recipients=(h,), not_to=(h,), not_to_kinds=(h,),
            identifiers=(Identifier(value=h, type=h, platform=h, platform_id=h, url=h),),
            signs=(TicketSign(id=h, title=h, severity="H", evidence=(h,)),),
            answers=({"question": h, "text": h, "answer": h},),
            screening=({"dimension": 1, "indicators": (h,), "ilo_class": h},),
            consent={"text_version": h}, handling={"tlp": h, "admiralty": h},
        )
    )  # fmt: skip
    browser = own_site.browser()
    queue = at_work_raw(browser)
    page = browser.get(f"/tickets/{id}").text
    found = choose(browser, queue, query=h[:100])
    kept = browser.get("/").text
    for shown in (queue, page, found, kept):
        assert not re.search(
            r"<img(?! src=\"/static)|<script(?! src=\"/static)|<[^>]*\sonerror=", without_values(shown)
        )
        assert "49" not in re.sub(r"[0-9a-f]{12,}", "", without_values(shown))
        assert "http://evil" not in without_values(shown)


def at_work_raw(browser) -> str:  # type: ignore[no-untyped-def]
    at_work(browser)
    return browser.get("/").text


def without_values(page: str) -> str:
    """The page without its quoted attribute values, inside which markup is only text."""
    return re.sub(r'(data-copy|value|aria-label|lang)="[^"]*"', "", page)


def test_a_page_changes_nothing_by_being_read(own_site: DeskSite, worked: dict[str, str]) -> None:
    browser = own_site.browser()
    log_in(browser)
    at_work(browser)
    browser.get(f"/tickets/{worked['plain']}")
    assert {own_site.tickets().get(id).state for id in worked.values()} == {"new"}


def test_the_audit_log_tells_of_each_look_and_decision_and_of_the_login(own_site: DeskSite, worked) -> None:
    browser, id, before = own_site.browser(), worked["plain"], len(logged(own_site))
    page = at_work(browser)
    choose(browser, page, query="склад")
    browser.get(f"/tickets/{id}")
    decide(browser, page, id, "accepted")
    new = own_site.send(ticket(created=NOW))
    assert new in tickets_on(choose(browser, page))
    told = [("log_in", ""), ("list", ""), ("show", id), ("accept", id), ("list", "")]
    assert logged(own_site)[before:] == told
    assert log_in(browser, code="", passphrase="not this one").status_code == 403
    assert browser.get(f"/tickets/{'f' * 32}").status_code == 404
    assert logged(own_site)[before:] == told


def logged(site: DeskSite) -> list[tuple[str, str]]:
    settings = site.console.settings
    log = AuditLog(settings.key_folder, Database(settings.database_url))
    entries, wrong = log.examine("hotline", key_folder.read(settings.key_folder).pins)
    assert not wrong
    return [(entry.action, entry.subject) for entry in entries]


def test_nothing_is_shown_where_the_audit_log_cannot_be_written(own_site: DeskSite, worked) -> None:
    browser, id = own_site.browser(), worked["plain"]
    page = at_work(browser)
    with sqlite3.connect(own_site.console.settings.var / "oberih.db") as database:
        database.execute("DROP TABLE audit")
    for answer in (browser.get("/"), browser.get(f"/tickets/{id}"), decide(browser, page, id, "accepted")):
        assert answer.status_code == 503 and id not in answer.text
    assert log_in(own_site.browser()).status_code == 503
    assert own_site.tickets().get(id).state == "new"


def test_a_log_that_was_cut_is_told_on_every_page(own_site: DeskSite, worked) -> None:
    browser = own_site.browser()
    assert "audit log" not in at_work(browser)
    with sqlite3.connect(own_site.console.settings.var / "oberih.db") as database:
        database.execute("DELETE FROM audit WHERE number > 1")
    assert "The audit log in the database is not" in browser.get("/").text
    assert "The audit log in the database is not" in browser.get(f"/tickets/{worked['plain']}").text


def test_a_ticket_shows_what_else_names_the_same_and_how_often_independently(own_site: DeskSite) -> None:
    advert = "Робота на складі в Німеччині, житло безкоштовно, документи робимо самі"
    first, copy, own = (
        own_site.send(ticket(created=NOW - timedelta(hours=n), identifiers=(PHONE,), **said))
        for n, said in enumerate(({"offer": advert}, {"offer": advert}, {"narrative": "Він обіцяв моїй сестрі роботу"}))
    )
    alone = own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    page = at_work(browser)
    decide(browser, page, own, "accepted")
    shown = browser.get(f"/tickets/{first}").text
    assert "tickets: 3 · independent texts: 2 · accepted: 1" in shown and "+380502345678" in shown
    assert {other for other in (copy, own, first) if f'href="/tickets/{other}"' in shown} == {copy, own}
    assert "Links with other tickets" not in browser.get(f"/tickets/{alone}").text


def test_a_decision_waits_signed_for_whoever_reported(own_site: DeskSite, worked) -> None:
    browser, id = own_site.browser(), worked["plain"]
    decide(browser, at_work(browser), id, "rejected")
    session = desk_session.log_in(own_site.console.settings, "hotline", NAME, PASSPHRASE)
    [(_, note)] = session.talk.thread(id).said
    assert (note.kind, note.state, note.member) == ("decision", "rejected", NAME)


def test_what_was_changed_in_the_database_or_made_up_is_told_on_its_page(own_site: DeskSite) -> None:
    changed = own_site.send(ticket(recipients=("hotline",), narrative="words that were sent"))
    one, to = ticket(recipients=("hotline",)), own_site.recipient("hotline")
    # Anybody can seal to a desk; the key that vouches is not theirs.
    body = seal_body("e" * 32, 1, one, (bytes(32), to), bytes(32), to)
    made_up = replace(stored(own_site.console.settings, "e" * 32, one, "hotline"), sealed_body=body)
    own_site.tickets().insert(made_up, [])
    database = Database(own_site.console.settings.database_url)
    with database.write() as connection:
        connection.execute(tables.ticket.update().where(tables.ticket.c.id == changed).values(level="high"))
    browser = own_site.browser()
    at_work(browser)
    page = unescape(browser.get(f"/tickets/{changed}").text)
    assert "Changed in the database: level." in page and "words that were sent" in page
    page = unescape(browser.get(f"/tickets/{made_up.id}").text)
    assert "Made up or changed" in page and "Changed in the database" not in page
