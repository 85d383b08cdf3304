"""What an attacker of the report flow found, each once and for good."""

import pytest

from bot.reports.ticket import to_bytes
from tests.reporting import NARRATIVE, OFFER, answers_all, code_in, presses, tickets_of

TYPED = {
    "uk": ["так", "а це точно безпечно?", "точно?", "так?", "мабуть так", "а якщо так?"],
    "en": ["yes", "really?", "are you sure?", "is that right?", "I guess", "yes show me"],
    "ru": ["да", "это точно анонимно?", "вы уверены?"],
    "pl": ["tak", "na pewno?"],
    "de": ["ja", "sicher?", "wirklich?"],
    "ro": ["da", "chiar e sigur?"],
}


async def at_preview(chat, language: str = "en", words: dict[str, str] | None = None, **changed: str):
    person = chat.open(language)
    await person.says(OFFER)
    await person.presses("/report")
    replies = await answers_all(person, {"report.narrative": NARRATIVE[language], **(words or {})}, **changed)
    return person, replies


@pytest.mark.parametrize(("language", "words"), [(code, words) for code, group in TYPED.items() for words in group])
async def test_typed_words_never_send(chat, passphrase: str, language: str, words: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat, language)
    assert await person.says(words)
    assert tickets_of(passphrase) == before


async def test_a_yes_to_seeing_it_again_does_not_send(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat, "uk")
    await person.says("мене замкнули, рятуйте")
    await person.presses('/deny{"question": "danger"}')
    await person.says("так")
    assert tickets_of(passphrase) == before


@pytest.mark.parametrize(
    ("question", "value"),
    [("report.place.country", "DE"), ("report.age", "child"), ("report.safe", "no"), ("report.staff", "aid")],
)
async def test_an_old_button_changes_nothing_of_a_sent_report(chat, passphrase: str, question: str, value: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat)
    await presses(person, "affirm", "report.preview")
    sent = {i: t for i, t in tickets_of(passphrase).items() if i not in before}
    told = await presses(person, "affirm", question, value)
    assert not any("othing was" in reply["text"] or "not sent" in reply["text"] for reply in told)
    await presses(person, "affirm", "report.preview")
    assert {i: t for i, t in tickets_of(passphrase).items() if i not in before} == sent


async def test_consent_is_to_the_language_that_was_shown(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat, "uk")
    await person.presses('/language{"value": "en"}')
    replies = await presses(person, "affirm", "report.preview")
    assert tickets_of(passphrase) == before and "Nothing was sent yet" in replies[-1]["text"]
    await presses(person, "affirm", "report.preview")
    assert len(tickets_of(passphrase)) == len(before) + 1


async def test_asking_in_words_for_a_report_keeps_what_was_found_in_the_offer(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person = chat.open("uk")
    await person.says(OFFER)
    await person.says("я хочу повідомити про це")
    if not str(person.slots.get("asked")).startswith("report."):
        await person.presses("/report")
    await answers_all(person)
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    assert ticket.level in ("high", "elevated") and ticket.signs and ticket.screening


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "Хочу вийти звідси"),
        ("uk", "він видалив мої повідомлення"),
        ("en", "He deleted everything"),
        ("en", "close it"),
        ("ru", "Он всё удалил"),
        ("pl", "Chcę wyjść"),
        ("de", "Er hat alles gelöscht"),
    ],
)
async def test_what_people_tell_is_no_command(chat, language: str, words: str) -> None:
    _, shown = await at_preview(chat, language, {"report.narrative": words})
    assert words in shown[-1]["text"]


@pytest.mark.parametrize("name", ["Skip Johnson", "Unknown Viktor", "Mr Know", "Herr Weiß", "Незнайко"])
async def test_a_name_that_sounds_like_an_answer_is_a_name(chat, name: str) -> None:
    _, shown = await at_preview(chat, "en", {"report.who": name})
    assert name in shown[-1]["text"]


async def test_passing_over_a_question_takes_its_words_back(chat) -> None:
    person, shown = await at_preview(chat)
    assert "tell nobody" in shown[-1]["text"]
    again = await presses(person, "skip", "report.narrative")
    assert "tell nobody" not in again[-1]["text"]


async def test_a_struck_line_whose_answer_changed_is_no_trap(chat) -> None:
    person, _ = await at_preview(chat)
    await presses(person, "deny", "report.preview", "stage")
    await presses(person, "deny", "report.preview", "offer")
    await presses(person, "skip", "report.stage")
    await presses(person, "affirm", "report.age", "child")
    replies = await answers_all(person)
    assert person.slots["asked"] == "report.preview" and "Nothing was sent yet" in replies[-1]["text"]


async def test_striking_signs_in_any_order_takes_what_rests_on_them(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person, _ = await at_preview(chat)
    for sign in ("signs.J1", "signs.J24"):
        await presses(person, "deny", "report.preview", sign)
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    assert "J24" not in {sign.id for sign in ticket.signs} and "D2.3" not in to_bytes(ticket).decode()


async def test_an_old_yes_takes_back_no_other_report(chat) -> None:
    codes = []
    for _ in range(2):
        person, shown = await at_preview(chat)
        codes.append(code_in(shown[-1]["text"]))
        await presses(person, "affirm", "report.preview")
    visitor = chat.open("en")
    await visitor.presses("/receipt")
    await visitor.says(codes[0])
    asked = await presses(visitor, "affirm", "receipt.withdraw")
    sure = visitor.session.buttons[asked[-1]["buttons"][0]["payload"]]
    await visitor.presses("/receipt")
    await visitor.says(codes[1])
    await visitor.presses(sure)
    other = chat.open("en")
    for code in codes:
        await other.presses("/receipt")
        assert "sent and is waiting" in (await other.says(code))[-1]["text"]


async def test_danger_said_twice_does_not_lose_the_report(chat) -> None:
    person = chat.open("uk")
    await person.says(OFFER)
    await person.presses("/report")
    await presses(person, "affirm", "report.safe", "yes")
    asked = person.slots["asked"]
    await person.says("мене замкнули, рятуйте")
    await person.presses('/numbers{"question": "place.writer"}')
    await person.says("мене замкнули, рятуйте")
    await person.presses('/deny{"question": "danger"}')
    assert person.slots["asked"] == asked


async def test_a_text_checked_in_an_emergency_does_not_lose_the_report(chat) -> None:
    person = chat.open("uk")
    await person.says(OFFER)
    await person.presses("/report")
    await presses(person, "affirm", "report.safe", "yes")
    asked = person.slots["asked"]
    await person.says("мене замкнули, рятуйте")
    await person.says(OFFER)
    await person.presses('/deny{"question": "danger"}')
    replies = await presses(person, "affirm", asked, "no")
    assert replies[-1]["kind"] == "question" and str(person.slots["asked"]).startswith("report.")


async def test_answers_about_one_situation_stay_out_of_the_next_report(chat) -> None:
    person, _ = await at_preview(chat, stage="exploitation", when__moment="now")
    await presses(person, "affirm", "report.preview")
    await presses(person, "affirm", "report.more")
    await presses(person, "affirm", person.slots["asked"])
    await person.presses("/report")
    assert not [name for name in person.slots["answers"] if name.startswith("at_work.")]
