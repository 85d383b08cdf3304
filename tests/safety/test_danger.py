"""Danger words of every language are found; what only looks like them is left alone by fixed wording."""

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.danger import DangerKind
from bot.language.fold import fold

LANGUAGES = sorted(path.stem for path in (PROJECT_ROOT / "data/danger").glob("*.yml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_danger_is_found(services, language: str) -> None:
    entry = services.knowledge.danger[language]
    assert set(entry.kinds) == set(DangerKind) - {DangerKind.SAFE_WORD}
    phrases = [phrase for wording in entry.kinds.values() for phrase in wording.phrases]
    missed = [phrase for phrase in phrases if services.danger.read(phrase) is None]
    assert len(missed) <= 0.01 * len(phrases), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_look_alike_is_taken_for_danger_by_its_wording(services, language: str) -> None:
    """Not by the words of a neighbour either, which are read too, because people mix languages."""
    look_alikes = services.knowledge.danger[language].look_alikes
    fired = [text for text in look_alikes if services.danger.by_wording(text) is not None]
    assert fired == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_passage_is_a_span_of_the_text(services, language: str) -> None:
    for wording in services.knowledge.danger[language].kinds.values():
        for phrase in wording.phrases:
            found = services.danger.read(f"Привіт!  {phrase}")
            assert found is None or 0 <= found.start < found.end <= len(phrase) + 9


@pytest.mark.parametrize("word", ["оберіг", "ОБЕРІГ", " оберіг! ", "amulet", "amuletă"])
def test_the_safe_word_alone_is_danger(services, word: str) -> None:
    found = services.danger.read(word)
    assert found is not None and found.kind is DangerKind.SAFE_WORD


def test_a_long_text_is_read_sentence_by_sentence(services) -> None:
    text = "Сьогодні гарна погода. " * 60 + "Мене зачинили в квартирі. " + "Завтра дощ. " * 60
    found = services.danger.read(text)
    assert found is not None and "зачинили" in fold(text).text[found.start : found.end]
