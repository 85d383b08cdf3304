"""Pasted chats are told from own words by speaker and time marks."""

import pytest

PASTED = [
    "[21:04, 12.05.2026] Anna: паспорт віддай\n[21:05, 12.05.2026] Я: ні",
    "12.05.2026, 21:04 - Anna: come now\n12.05.2026, 21:06 - Me: no",
    "Anna: дай паспорт\nЯ: не дам",
    "> give me your passport\n> now",
    "Anna, [12 May 2026 at 21:04]\nпривіт\nBoss, [12 May 2026 at 21:05]\nпаспорт у мене",
]
OWN = [
    "мене зачинили і забрали паспорт",
    "допоможіть\nмене замкнули\nя не знаю де",
    "вони сказали: сиди тут",
    "I am locked in.\nThey took my phone at 21:04",
]


@pytest.mark.parametrize("text", PASTED)
def test_marks_on_two_lines_make_material(services, text: str) -> None:
    assert services.material.is_pasted_chat(text)


@pytest.mark.parametrize("text", OWN)
def test_own_words_are_not_material(services, text: str) -> None:
    assert not services.material.is_pasted_chat(text)
