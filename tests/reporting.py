"""Driving a report in tests: answers by question, and what the desk reads afterwards."""

import re
from typing import Any, Optional

from bot.reports.ticket import Ticket
from bot.runtime import desk_session, founding
from bot.settings import load

OFFER = "Робота в Польщі без досвіду, 3000 євро. Паспорт віддати водію. Пишіть +380501234567, телеграм @robota_pl"
NARRATIVE = {
    "uk": "Мене звати Олена Петренко, мій телефон +380671112233. Він просив нікому не казати.",
    "ru": "Меня зовут Елена Петренко, мой телефон +380671112233. Он просил никому не говорить.",
    "en": "My name is Olena Petrenko, call me at +380671112233. He asked me to tell nobody.",
    "pl": "Nazywam się Olena Petrenko, mój telefon to +380671112233. Prosił, żeby nikomu nie mówić.",
    "de": "Ich heiße Olena Petrenko, meine Nummer ist +380671112233. Er bat, niemandem etwas zu sagen.",
    "ro": "Mă numesc Olena Petrenko, numărul meu este +380671112233. A cerut să nu spun nimănui.",
}
ANSWERS = {
    "report.safe": "yes",
    "report.shared": "no",
    "report.about_whom": "someone_i_know",
    "report.place.country": "PL",
    "report.writer": "DE",
    "report.age": "adult",
    "report.when.moment": "leaving",
    "report.deadline": "tomorrow",
    "report.stage": "recruitment",
    "report.basis_of_knowledge": "was_told",
    "report.police": "no",
    "report.staff": "no",
    "report.statistics": "no",
    "report.people_now": "2-5",
    "report.with_whom": "stranger",
}


async def answers_all(person: Any, words: Optional[dict[str, str]] = None, **changed: str) -> list[dict[str, Any]]:
    """Answer every question of a report that was begun, up to its preview; return the last replies."""
    given = {**ANSWERS, **{f"report.{name}".replace("__", "."): code for name, code in changed.items()}}
    typed = words or {}
    replies: list[dict[str, Any]] = []
    while person.slots.get("asked") not in ("report.preview", None):
        asked = person.slots["asked"]
        if asked in typed:
            replies = await person.says(typed[asked])
        elif asked in given:
            replies = await presses(person, "affirm", asked, given[asked])
        else:
            replies = await presses(person, "skip", asked)
        if person.slots.get("asked") == asked:
            break
    return replies


async def presses(person: Any, intent: str, question: str, value: Optional[str] = None) -> list[dict[str, Any]]:
    chosen = f', "value": "{value}"' if value else ""
    return await person.presses(f'/{intent}{{"question": "{question}"{chosen}}}')


def code_in(text: str) -> str:
    """Return the receipt code that a message shows."""
    found = re.search(r"(?:\d{3} ){5}\d{3}", text)
    assert found is not None, text
    return found.group()


def tickets_of(passphrase: str) -> dict[str, Optional[Ticket]]:
    """Return what the training desk can read, by ticket id; None for a tombstone."""
    desk = desk_session.log_in(load(), "training", founding.TRAINING_MEMBER, passphrase)
    return {found.record.id: found.content for found in desk.tickets()}
