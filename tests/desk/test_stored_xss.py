"""Whatever is stored, a page of the desk has the elements, attributes and addresses that its templates give it."""

import re
import secrets
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.privacy import letters
from bot.privacy.seal import Label
from bot.privacy.vouching import vouched, vouching_key
from bot.reports import notes
from bot.reports.desk_sheet import LONGEST_NAME
from bot.reports.notes import Note
from bot.reports.worksheet import LONGEST_TAG
from bot.runtime import key_folder
from bot.store.letters import message_of
from tests.desk.hostile import PAYLOADS, filled, unfilled
from tests.desk.site import DeskSite, at_work, csrf, opened
from tests.desk.test_triage import NOW

PLAIN = "plain words"
_OURS = re.compile(
    r"(/static/[\w./-]+\?v=[0-9a-f]+|/|/[a-z-]+|/(tickets/[0-9a-f]{32}|views/[0-9a-f]{16})(/[a-z-]+)?"
    r"|/tickets/[0-9a-f]{32}/notes/[0-9a-f]{16}|/tickets/[0-9a-f]{32}/tags/remove|#[a-z]+)\Z"
)
_ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "srcdoc", "data", "xlink:href"}


class Page(HTMLParser):
    """The elements of a page with the names of their attributes, and all addresses in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attributes)))
        self.addresses += [value or "" for name, value in attributes if name in _ADDRESSES]

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment", data))

    def handle_decl(self, declaration: str) -> None:
        self.elements.append(("declaration", declaration))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("instruction", data))


def answer(site: DeskSite, id: str, words: str) -> None:
    """What anybody with the receipt may have answered."""
    record = site.tickets().get(id)
    note = Note(kind="answer", at=notes.now(), text=words[: notes.MOST_CHARACTERS], answers=1)
    pin = key_folder.read(site.console.settings.key_folder).pins.current(record.desk)
    key = vouching_key(key_folder.read(site.console.settings.key_folder).pepper)
    label = Label(id, "to_desk", 1)
    copies = (vouched(key, label, notes.to_bytes(each)) for each in (note, notes.for_reporter(note)))
    letter = letters.from_reporter(pin.recipient, record.question_recipient, id, 1, *copies)
    site.tickets().add_message(message_of(secrets.token_hex(16), letter, NOW.date()))


def pages_with(site: DeskSite, words: str) -> dict[str, Page]:
    """Every page that shows what was stored, for a ticket that has these words everywhere."""
    for desk in ("ngo", "hotline"):
        browser, id = site.browser(), site.send(filled(words, NOW), desk)
        form = {"csrf": csrf(at_work_raw(browser, desk))}
        browser.post(f"/tickets/{id}/state", data={**form, "state": "accepted"})
    letter = {**form, "text": words}
    browser.post(f"/tickets/{id}/letter", data={**letter, "kind": "question", "send": "1"})
    browser.post(f"/tickets/{id}/letter", data={**letter, "kind": "correction", "level": "high", "send": "1"})
    answer(site, id, words)
    browser.post(f"/tickets/{id}/others", data={**form, "reason": words})
    browser.post(f"/tickets/{id}/notes", data=letter)
    browser.post(f"/tickets/{id}/tags", data={**form, "tag": words[: LONGEST_TAG // 3]})
    browser.post("/views", data={**form, "name": words[: LONGEST_NAME // 3]})
    browser.post("/queue", data={**form, "state": "accepted"})
    shown = {
        "ticket": browser.get(f"/tickets/{id}").text,
        "letter": browser.post(f"/tickets/{id}/letter", data={**letter, "kind": "question"}).text,
        "queue": browser.get("/").text,
    }
    assert shown["ticket"].count('class="letter ') == 4 and "Aid Berlin" in shown["ticket"]
    assert "/notes/" in shown["ticket"] and "/tags/remove" in shown["ticket"] and "/views/" in shown["queue"]
    browser.post("/queue", data={**form, "state": "accepted", "query": words})
    shown["search"] = browser.get("/").text
    return {name: Page(_comparable(text)) for name, text in shown.items()}


def at_work_raw(browser: TestClient, desk: str) -> str:
    at_work(browser, desk)
    return browser.get("/").text


def _comparable(page: str) -> str:
    """The page without what rightly depends on the words: the number of hits, and that nobody can see some of them."""
    page = re.sub(r'(<ul class="links"><li>.*?</li>)(<li>.*?</li>)+', r"\1", page)
    return re.sub(r'<p class="warning">Your words hold characters[^<]*</p>', "", page)


@pytest.fixture(scope="module")
def ordinary(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    folder = tmp_path_factory.mktemp("ordinary") / "site"
    shutil.copytree(founded, folder)
    return pages_with(opened(folder), PLAIN)


def test_the_hostile_ticket_has_its_words_in_every_free_text() -> None:
    assert unfilled(filled(PLAIN, NOW), PLAIN) == []


@pytest.mark.parametrize("kind", PAYLOADS)
def test_no_stored_words_change_what_a_page_is_made_of(
    own_site: DeskSite, ordinary: dict[str, Page], kind: str
) -> None:
    known = {element[0] for page in ordinary.values() for element in page.elements}
    for name, page in pages_with(own_site, PAYLOADS[kind]).items():
        if name != "search":
            assert page.elements == ordinary[name].elements, name
        assert {element[0] for element in page.elements} <= known, name
        assert [address for address in page.addresses if not _OURS.match(address)] == [], name
        assert [names for _, *names in page.elements if any(each.startswith("on") for each in names)] == [], name


def test_the_comparison_sees_markup_that_acts() -> None:
    assert Page("<p>a</p>").elements != Page("<p><b>a</b></p>").elements
    assert Page("<p>a</p>").elements != Page("<p onclick=a>a</p>").elements
    assert not [address for address in Page("<a href='javascript:1'>").addresses if _OURS.match(address)]
