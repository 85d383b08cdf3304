"""The knowledge files fit their schemas, each other, and the rules of the field."""

import re
from pathlib import Path

import pytest
import yaml

from bot import PROJECT_ROOT
from bot.knowledge.files import RASA_KEYS, KnowledgeError, read
from bot.knowledge.signs import Catalogue, LevelRule, Severity, SignFile
from bot.language.fold import fold
from bot.offers.patterns import PatternBook
from bot.offers.training import states

KNOWLEDGE = sorted(
    path for path in (PROJECT_ROOT / "data").rglob("*.yml") if path.parent.name != "nlu" and path.name != "stories.yml"
)
LANGUAGES = sorted(path.stem for path in (PROJECT_ROOT / "data/signs/examples").glob("*.yml"))


@pytest.mark.parametrize("path", KNOWLEDGE, ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_no_knowledge_file_uses_a_key_that_rasa_reads(path: Path) -> None:
    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(map(str, value)) | {key for child in value.values() for key in keys(child)}
        if isinstance(value, list):
            return {key for child in value for key in keys(child)}
        return set()

    assert not keys(yaml.load(path.read_text(), yaml.CSafeLoader)) & RASA_KEYS


def test_a_broken_file_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("signs: [")
    with pytest.raises(KnowledgeError, match=r"broken\.yml is not valid YAML"):
        read(tmp_path / "broken.yml", SignFile)
    with pytest.raises(KnowledgeError, match="is missing"):
        read(tmp_path / "absent.yml", SignFile)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "level.yml").write_text("surprise: 1")
    with pytest.raises(KnowledgeError, match="does not fit"):
        read(tmp_path / "level.yml", LevelRule)


def test_the_catalogue_is_whole(knowledge) -> None:
    expected = {f"J{n}" for n in range(1, 46)} - {"J4"} | {"J4a", "J4b"}
    expected |= {f"H{n}" for n in range(1, 19)} | {f"T{n}" for n in range(1, 12)} | {f"N{n}" for n in range(1, 8)}
    assert set(knowledge.catalogue.signs) == expected


@pytest.mark.parametrize(
    "sign, severity, concern",
    [
        ("J4a", "H", "trafficking"), ("J4b", "M", "trafficking"), ("J5", "H", "child"), ("J7", "H", "trafficking"),
        ("J9", "L", "trafficking"), ("J20", "H", "fraud"), ("H1", "M", "trafficking"), ("H4", "M", "fraud"),
        ("H5", "M", "fraud"), ("H18", "H", "child"), ("T4", "H", "child"), ("T8", "M", "fraud"),
        ("T10", "M", "trafficking"), ("J15", "M", "labour"), ("J23", "H", "labour"), ("J44", "L", "labour"),
        ("N1", "M", "labour"), ("N3", "H", "child"), ("N4", "H", "trafficking"), ("N7", "H", "trafficking"),
    ],
)  # fmt: skip
def test_severity_and_concern_are_those_of_the_design(knowledge, sign: str, severity: str, concern: str) -> None:
    entry = knowledge.catalogue.signs[sign]
    assert (entry.severity, entry.concern.value) == (Severity(severity), concern)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_is_worded_and_its_look_alikes_do_not_fire(knowledge, language: str) -> None:
    catalogue: Catalogue = knowledge.catalogue
    entry = catalogue.languages[language]
    assert set(entry.signs) == set(catalogue.signs)
    book = {patterns.sign: patterns for patterns in PatternBook(catalogue).of([language])[0].signs}
    fired = [
        (sign, text)
        for sign, wording in entry.signs.items()
        for text in wording.counter_examples
        if states(book[sign], fold(text).text)
    ]
    assert fired == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinary_sentences_fire_no_fixed_wording(knowledge, language: str) -> None:
    entry = knowledge.catalogue.languages[language]
    patterns = PatternBook(knowledge.catalogue).of([language])[0]
    ordinary = [text for texts in entry.ordinary.values() for text in texts]
    fired = [(sign.sign, text) for text in ordinary for sign in patterns.signs if states(sign, fold(text).text)]
    assert fired == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_pattern_can_take_forever(knowledge, language: str) -> None:
    """Nested quantifiers make a regular expression exponential on hostile text."""
    nested = re.compile(r"\([^()]*[*+][^()]*\)[*+]")
    entry = knowledge.catalogue.languages[language]
    patterns = [p for wording in entry.signs.values() for p in (*wording.patterns, *wording.unless)]
    assert [p for p in patterns if nested.search(p)] == []


def test_titles_and_questions_keep_the_rules_for_texts(knowledge) -> None:
    banned = re.compile(r"\b(victims?|safe|safety|prostitut\w*|slave\w*|illegal\w*)\b", re.IGNORECASE)
    for sign in knowledge.catalogue.signs.values():
        assert not banned.search(f"{sign.title} {sign.meaning} {sign.question}"), sign.id
        assert len(sign.question.split()) <= 20, sign.id


def test_numbers_are_shown_only_when_verified(knowledge) -> None:
    from bot.safety.lines import dialable

    for country in knowledge.countries.values():
        for found in dialable(country, country.code):
            assert found.line.status.value in ("V2", "V1o", "V1"), found.line.id
            assert found.verify == (found.line.status.value == "V1"), found.line.id
        assert any(number.number == "112" for number in country.emergency), country.code
