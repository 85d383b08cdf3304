"""Invariant 4: nothing leaves without consent to its exact text and its named recipients."""

from dataclasses import replace

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.languages import load_languages
from bot.reports.ticket import to_bytes
from tests.reporting import ANSWERS, NARRATIVE, OFFER, answers_all, code_in, presses, tickets_of

LANGUAGES = list(load_languages(PROJECT_ROOT / "data"))
WORDS = {"report.who": "recruiter Andriy Kovalenko, his phone +48 601 234 567"}


async def at_preview(chat, language: str, **changed: str):
    person = chat.open(language)
    await person.says(OFFER)
    await person.presses("/report")
    words = {**WORDS, "report.narrative": NARRATIVE[language]}
    return person, await answers_all(person, words, **changed)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_ticket_exists_only_after_a_yes_to_its_preview(chat, passphrase: str, language: str) -> None:
    before = tickets_of(passphrase)
    person, preview = await at_preview(chat, language)
    assert "Training desk" in preview[-1]["text"]
    assert tickets_of(passphrase) == before
    await presses(person, "affirm", "report.preview")
    assert len(tickets_of(passphrase)) == len(before) + 1


@pytest.mark.parametrize("leaves", ["/exit", "/delete", '/deny{"question": "report.preview"}'])
async def test_leaving_at_the_preview_sends_nothing(chat, passphrase: str, leaves: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat, "en")
    replies = await person.presses(leaves)
    assert replies and tickets_of(passphrase) == before
    assert not (person.slots.get("draft") or {}).get("report")


@pytest.mark.parametrize("typed", ["ok thank you", "What is this?", "+48 601 234 567", "no", "skip"])
async def test_words_that_are_no_yes_send_nothing(chat, passphrase: str, typed: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat, "en")
    assert await person.says(typed)
    assert tickets_of(passphrase) == before


async def test_what_is_sealed_is_what_was_shown_less_the_struck_lines(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person, shown = await at_preview(chat, "en")
    assert "+48 601 234 567" in shown[-1]["text"]
    for line in ("with_whom", "narrative"):
        shown = await presses(person, "deny", "report.preview", line)
    while "+48 601 234 567" in shown[-1]["text"]:
        number = next(int(row.split(".")[0]) for row in shown[-1]["text"].splitlines() if "+48 601 234 567" in row)
        key = next(b["payload"] for b in shown[-1]["buttons"] if b["title"] == f"✂️ {number}")
        shown = await person.presses(person.session.buttons[key])
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    sealed = to_bytes(ticket).decode()
    assert "601 234 567" not in sealed and "tell nobody" not in sealed and "+380501234567" in sealed


async def test_the_last_struck_line_can_be_put_back(chat) -> None:
    person, shown = await at_preview(chat, "en")
    without = await presses(person, "deny", "report.preview", "narrative")
    assert "tell nobody" in shown[-1]["text"] and "tell nobody" not in without[-1]["text"]
    again = await presses(person, "affirm", "report.preview", "undo")
    assert "tell nobody" in again[-1]["text"]


async def test_no_desk_for_the_place_says_so_before_more_is_asked(chat, services, monkeypatch) -> None:
    class Elsewhere:
        names: dict[str, str] = {}
        threads = services.reporting.threads

        def open(self) -> bool:
            return True

        def desks(self, *, asleep: bool = False):
            desk = services.reporting.desks()[0]
            return (desk.copy(update={"default": False, "countries": ("UA",)}),)

    monkeypatch.setattr("actions.turn.current", lambda: replace(services, reporting=Elsewhere()))
    person = chat.open("en")
    await person.presses("/report")
    replies = []
    for question in ("report.safe", "report.shared", "report.about_whom", "report.place.country"):
        replies = await presses(person, "affirm", question, ANSWERS[question])
    assert "No team that takes reports is connected" in replies[-1]["text"] and "112" not in replies[-1]["text"]
    assert person.slots.get("asked") is None and not (person.slots.get("draft") or {}).get("report")


async def test_sending_twice_makes_one_ticket(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat, "en")
    await presses(person, "affirm", "report.preview")
    sent = await presses(person, "affirm", "report.preview")
    assert sent and len(tickets_of(passphrase)) == len(before) + 1


async def test_the_code_shown_with_the_preview_works_only_once_it_is_sent(chat) -> None:
    person, shown = await at_preview(chat, "en")
    code = code_in(shown[-1]["text"])
    other = chat.open("en")
    await other.presses("/receipt")
    assert "no report with this code" in (await other.says(code))[-1]["text"]
    await presses(person, "affirm", "report.preview")
    await other.presses("/receipt")
    assert "sent and is waiting" in (await other.says(code))[-1]["text"]
