"""Notes, tags, who is on a ticket, and saved views: as a browser meets them."""

import re
from datetime import datetime, timedelta, timezone
from html import unescape

import pytest

from bot.privacy.powers import Role
from bot.runtime import desk_session, joining, people
from bot.store.sheets import Sheets
from tests.desk.site import NAME, PASSPHRASE, DeskSite, at_work, csrf
from tests.desk.test_triage import HOSTILE, choose, logged, tickets_on, without_values
from tests.reports.tickets import ticket

NOW = datetime.now(timezone.utc).replace(microsecond=0)
WORDS = "Говорила з консулом: Віктор, +380 50 234 56 78"
OTHER = "copper lantern under the other bridge"


def do(browser, path: str, page: str, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post(path, data={"csrf": csrf(page), **fields})


def done(browser, path: str, page: str, **fields: str) -> str:
    """Do something, and return the page that says so."""
    answer = do(browser, path, page, **fields)
    assert answer.status_code == 303, answer.text
    return unescape(browser.get(answer.headers["location"].partition("#")[0]).text)


def colleague(site: DeskSite):  # type: ignore[no-untyped-def]
    """Return the browser of another member, at work, and the queue's page."""
    settings = site.console.settings
    session = desk_session.log_in(settings, "hotline", NAME, PASSPHRASE)
    people.admit(session, joining.ask(settings, people.invite(session, Role.INTAKE), "petro", OTHER).invitation)
    browser = site.browser()
    browser.post("/login", data={"desk": "hotline", "name": "petro", "passphrase": OTHER, "code": ""})
    page = browser.get("/second-factor").text
    browser.post("/second-factor/later", data={"csrf": csrf(page)})
    return browser, unescape(browser.get("/").text)


@pytest.fixture
def desk(own_site: DeskSite):  # type: ignore[no-untyped-def]
    """A browser at work, the queue's page, and two tickets."""
    sent = [own_site.send(ticket(created=NOW - timedelta(hours=n))) for n in range(2)]
    browser = own_site.browser()
    return browser, at_work(browser), sent


def test_a_note_is_kept_sealed_with_its_author_and_time_and_found_by_its_words(own_site, desk) -> None:
    browser, page, (first, second) = desk
    shown = done(browser, f"/tickets/{first}/notes", page, text=f"{WORDS}\r\nДругий рядок")
    assert WORDS in shown and f"{NAME} · {NOW:%Y-%m-%d}" in shown and "<br>Другий рядок" in shown
    record = Sheets(own_site.console.doors.tickets._database).on_ticket(first)
    assert record and "консулом".encode() not in record.sealed
    for query in ("консулом", "380502345678", "0502345678", "віктор рядок"):
        assert tickets_on(choose(browser, page, query=query)) == [first]
    assert tickets_on(choose(browser, page, query="консула")) == []
    assert WORDS not in browser.get(f"/tickets/{second}").text
    assert logged(own_site)[-4:] == [("list", ""), ("note", first), ("show", first), ("show", second)]


def test_whoever_wrote_a_note_edits_it_in_the_same_session_and_nobody_else_ever(own_site, desk) -> None:
    browser, page, (first, _) = desk
    shown = done(browser, f"/tickets/{first}/notes", page, text=WORDS)
    path = re.search(rf"/tickets/{first}/notes/[0-9a-f]{{16}}", shown).group()  # type: ignore[union-attr]
    assert "edited" in done(browser, path, page, text="Other words") and path not in shown.partition("Edit")[0]
    other, its_page = colleague(own_site)
    assert path not in other.get(f"/tickets/{first}").text and "Other words" in other.get(f"/tickets/{first}").text
    assert do(other, path, its_page, text="not mine").status_code == 409
    again = own_site.browser()
    later = at_work(again)
    assert do(again, path, later, text="another session").status_code == 409
    assert "Other words" in browser.get(f"/tickets/{first}").text
    assert [entry for entry in logged(own_site) if entry[0] == "edit_note"] == [("edit_note", first)]


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 2001])
def test_a_note_that_cannot_be_kept_leaves_no_trace(own_site, desk, text: str) -> None:
    browser, page, (first, _) = desk
    refused = do(browser, f"/tickets/{first}/notes", page, text=text)
    assert refused.status_code == 409 and "xxx" not in refused.text
    assert logged(own_site)[-1] == ("list", "")


def test_tags_are_offered_from_the_desk_s_list_shown_filtered_and_taken_off(own_site, desk) -> None:
    browser, page, (first, second) = desk
    done(browser, f"/tickets/{first}/tags", page, tag="  Berlin  West ")
    offered = browser.get(f"/tickets/{second}").text
    assert '<option value="berlin west">' in offered
    queue = choose(browser, page, tag="berlin west")
    assert tickets_on(queue) == [first] and 'class="mark tag">berlin west' in queue
    assert "<option selected>berlin west</option>" in browser.get("/").text
    shown = done(browser, f"/tickets/{first}/tags/remove", page, tag="berlin west")
    assert "The tag is off" in shown and '<option value="berlin west">' in shown
    assert tickets_on(choose(browser, page, tag="berlin west")) == []
    assert "No ticket fits these filters" in browser.get("/").text
    told = [entry for entry in logged(own_site) if entry[0] in ("tag", "untag")]
    assert told == [("tag", first), ("untag", first)]
    done(browser, f"/tickets/{first}/tags/remove", page, tag="berlin west")
    assert [entry for entry in logged(own_site) if entry[0] in ("tag", "untag")] == told


def test_one_ticket_is_one_person_s_until_they_let_it_go_or_it_is_taken_over(own_site, desk) -> None:
    browser, page, (first, _) = desk
    assert "You are on it since" in done(browser, f"/tickets/{first}/take", page)
    other, its_page = colleague(own_site)
    shown = unescape(other.get(f"/tickets/{first}").text)
    assert f"{NAME} is on it since" in shown and "talk to each other first" in shown
    assert f'data-confirm="{NAME} is on ticket' in shown
    assert f"{NAME} is on it" in its_page and f'hx-confirm="{NAME} is on ticket' in its_page
    assert do(other, f"/tickets/{first}/take", its_page).status_code == 409
    assert "You are on it" in done(other, f"/tickets/{first}/take", its_page, over="1")
    assert tickets_on(choose(other, its_page, mine="1")) == [first]
    assert tickets_on(choose(browser, page, mine="1")) == []
    done(browser, f"/tickets/{first}/let-go", page)
    assert "petro is on it since" in browser.get(f"/tickets/{first}").text
    assert "Nobody is on this ticket" in done(other, f"/tickets/{first}/let-go", its_page)
    told = [entry for entry in logged(own_site) if entry[0] in ("take", "let_go")]
    assert told == [("take", first), ("take", first), ("let_go", first)]


def test_another_desk_reads_and_writes_none_of_it(own_site, desk) -> None:
    browser, page, (first, _) = desk
    done(browser, f"/tickets/{first}/notes", page, text=WORDS)
    other = own_site.browser()
    theirs = at_work(other, "ngo")
    for path in ("notes", "notes/" + "0" * 16, "tags", "tags/remove", "take", "let-go"):
        assert do(other, f"/tickets/{first}/{path}", theirs, text="x", tag="x").status_code in (404, 409), path
        assert browser.post(f"/tickets/{first}/{path}", data={"text": "x"}).status_code == 403, path
        out = own_site.browser().post(f"/tickets/{first}/{path}", data={"text": "x"})
        assert out.headers["location"] == "/login", path
    assert browser.get(f"/tickets/{first}").text.count('<li id="note-') == 1


def test_what_members_write_is_text_and_nothing_else(own_site, desk) -> None:
    browser, page, (first, _) = desk
    done(browser, f"/tickets/{first}/notes", page, text=HOSTILE)
    done(browser, f"/tickets/{first}/tags", page, tag='"><script>alert(1)</script>'[:30])
    done(browser, "/views", page, name='"><script>alert(1)</script>')
    for path in ("/", f"/tickets/{first}", "/views"):
        shown = browser.get(path).text
        assert "<script>" not in shown and "<img src=x" not in without_values(shown), path


def test_a_view_is_saved_shown_with_its_count_and_deleted(own_site, desk) -> None:
    browser, page, (first, _) = desk
    done(browser, f"/tickets/{first}/tags", page, tag="berlin")
    choose(browser, page, tag="berlin")
    shown = done(browser, "/views", page, name="Berlin")
    current = re.compile(r'class="view"[^>]*aria-current="true"')
    assert "View saved." in shown and current.search(shown)
    choose(browser, page)
    assert not current.search(browser.get("/").text)
    assert re.search(r'Berlin</span>\s*<b class="view-count">1</b>', browser.get("/views").text)
    path = re.search(r"/views/[0-9a-f]{16}", shown).group()  # type: ignore[union-attr]
    assert tickets_on(done(browser, path, page)) == [first]
    assert "View deleted." in done(browser, f"{path}/delete", page)
    assert path not in browser.get("/").text and do(browser, path, page).status_code == 404
    assert [entry for entry in logged(own_site) if entry[0] == "views"] == [("views", "")] * 2


def test_views_are_their_owner_s_or_the_desk_s(own_site, desk) -> None:
    browser, page, _ = desk
    done(browser, "/views", page, name="Mine alone")
    done(browser, "/views", page, name="All of us", everyone="1")
    other, its_page = colleague(own_site)
    assert "All of us" in its_page and "Mine alone" not in its_page
    mine = re.search(r'/views/([0-9a-f]{16})"[^>]*>.{0,200}Mine alone', browser.get("/").text).group(1)  # type: ignore[union-attr]
    assert do(other, f"/views/{mine}", its_page).status_code == 404
    do(other, f"/views/{mine}/delete", its_page)
    assert "Mine alone" in browser.get("/").text


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_a_view_needs_a_name(own_site, desk, name: str) -> None:
    browser, page, _ = desk
    assert do(browser, "/views", page, name=name).status_code == 409
    assert "None yet" in browser.get("/").text


def test_a_sheet_that_does_not_open_hides_neither_its_ticket_nor_the_queue(own_site, desk) -> None:
    browser, page, (first, second) = desk
    for id in (first, second):
        done(browser, f"/tickets/{id}/notes", page, text=f"{WORDS} {id}")
    store = Sheets(own_site.console.doors.tickets._database)
    one, other = store.on_ticket(first), store.on_ticket(second)
    assert one and other
    assert store.put_on_ticket(type(one)(first, one.desk, one.generation, other.sealed), one.sealed)
    shown = browser.get(f"/tickets/{first}").text
    assert "does not open" in shown and WORDS not in shown
    assert set(tickets_on(browser.get("/").text)) == {first, second}
    assert do(browser, f"/tickets/{first}/tags", page, tag="berlin").status_code == 409
