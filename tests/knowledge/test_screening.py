"""The indicators and the screening questions fit their schemas, each other, and the rules for texts."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.files import KnowledgeError
from bot.knowledge.indicators import load_indicators
from bot.knowledge.languages import load_languages
from bot.knowledge.questions import load_questions
from bot.language.texts import read_translations

DATA = PROJECT_ROOT / "data"
INDICATORS = load_indicators(DATA)
SETS = load_questions(DATA)
QUESTIONS = [question for questions in SETS.values() for question in questions.questions]
LANGUAGES = [code for code in load_languages(DATA) if code != "en"]


def weight(indicator: str, profile: str) -> str | None:
    found = INDICATORS.indicators[indicator].weights.get(profile)
    return found.value if found else None


def test_the_adult_list_has_its_67_indicators_and_the_child_list_65() -> None:
    sizes = Counter(indicator.dimension for indicator in INDICATORS.indicators.values())
    assert sizes == {1: 10, 2: 10, 3: 16, 4: 9, 5: 15, 6: 7}
    assert len(INDICATORS.weights_in("adult_labour")) == 67
    assert set(INDICATORS.indicators) - set(INDICATORS.weights_in("child_labour")) == {"D3.7", "D4.6"}


def test_disputed_weights_are_those_of_the_design_and_say_so() -> None:
    disputed = {name: weight(name, "adult_labour") for name, one in INDICATORS.indicators.items() if one.doubt}
    assert disputed == {"D3.15": "W", "D3.16": "W", "D4.2": "M", "D4.3": "M", "D4.4": "M"}
    assert (INDICATORS.source, INDICATORS.weights) == ("WCMS_105023", "unverified")


def test_the_child_lists_have_no_weak_tier() -> None:
    for profile in ("child_labour", "child_sexual"):
        assert "W" not in {found.value for found in INDICATORS.weights_in(profile).values()}


def test_the_sexual_profiles_are_copies_but_for_what_is_known_of_them() -> None:
    def changed(profile: str, original: str) -> dict[str, str]:
        labour = INDICATORS.weights_in(original)
        return {name: w.value for name, w in INDICATORS.weights_in(profile).items() if labour[name] != w}

    assert changed("adult_sexual", "adult_labour") == {"D4.1": "M", "D5.6": "S"}
    assert changed("child_sexual", "child_labour") == {"D4.3": "S"}
    assert weight("D5.6", "child_sexual") == "S"
    exploitation = [name for name, one in INDICATORS.indicators.items() if one.dimension == 4]
    assert "S" not in {weight(name, "adult_sexual") for name in exploitation}


def test_every_situation_has_seven_questions_still_to_be_reviewed() -> None:
    assert set(SETS) == {"offer", "on_the_way", "at_work", "in_housing", "in_a_relationship"}
    for questions in SETS.values():
        assert len(questions.questions) == 7
        assert questions.review == "needs-review"


def test_an_answer_about_recruitment_says_that_somebody_recruited() -> None:
    for questions in SETS.values():
        for question in questions.questions:
            recruited = any(INDICATORS.indicators[name].dimension <= 3 for name in question.indicators)
            assert questions.act or question.act or not recruited, question.id


def test_every_situation_asks_whether_documents_are_taken() -> None:
    for situation, questions in SETS.items():
        reasons = {question.refer.value for question in questions.questions if question.refer}
        assert "documents_taken" in reasons
        assert situation == "offer" or "cannot_leave" in reasons


def test_question_texts_keep_the_rules_for_texts() -> None:
    banned = re.compile(
        r"\b(victims?|safe\w*|prostitut\w*|slave\w*|illegal\w*|why|trafficking|evidence|proof|photos?)\b", re.IGNORECASE
    )
    for question in QUESTIONS:
        for text in (question.about_self, question.about_other):
            assert text.endswith("?") and text.count("?") == 1, question.id
            assert len(text.split()) <= 20, question.id
            assert not banned.search(text), question.id
        assert not re.search(r"\byour?\b", question.about_other, re.IGNORECASE), question.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_translated_questions_are_short_questions_too(language: str) -> None:
    done = read_translations(DATA / "locales" / language / "chat.po")
    for question in QUESTIONS:
        for part, english in (("self", question.about_self), ("other", question.about_other)):
            text = done[f"{question.id}.{part}", english]
            assert text.endswith("?") and len(text.split()) <= 20, (question.id, text)


@pytest.mark.parametrize(
    "file, old, new, complaint",
    [
        ("questions/at_work.yml", "[D5.8]", "[D5.99]", "raises D5.99, which does not exist"),
        ("questions/offer.yml", "[D3.5]", "[D5.8]", "raises D5.8, which this situation cannot fill"),
        ("questions/offer.yml", "offer.secret", "offer.debt", "needs 7 different questions"),
        ("questions/offer.yml", "id: offer.secret", "id: at_work.secret", "must start with offer"),
        ("questions/offer.yml", "situation: offer", "situation: at_work", "says that it is at_work"),
        ("questions/offer.yml", "[1, 2, 3]", "[1, 2, 3, 7]", "fills dimension 7, which does not exist"),
        ("questions/offer.yml", 'raised_by: "yes"', "raised_by: yes", "does not fit its schema"),
        ("questions/offer.yml", "[ILO, GB]", "[ILO, HEARSAY]", "names the source HEARSAY"),
        ("questions/on_the_way.yml", "    refer: child\n", "", "raises nothing"),
        ("indicators/indicators.yml", "{id: D1.2,", "{id: D1.1,", "defines an indicator twice"),
        ("indicators/indicators.yml", "{id: D1.2, dimension: 1", "{id: D1.2, dimension: 2", "does not belong"),
        ("indicators/indicators.yml", "copy_of: adult_labour", "copy_of: adults", "is no list of its own"),
        ("indicators/indicators.yml", "{D4.1: M, ", "{D4.10: M, ", "changes D4.10, which does not exist"),
        ("indicators/indicators.yml", "{adult_labour: M}", "{adult: M}", "weighs in adult"),
    ],
)
def test_a_slip_in_the_data_is_named(tmp_path: Path, file: str, old: str, new: str, complaint: str) -> None:
    for part in ("questions", "indicators", "signs/sources.yml"):
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (DATA / part).is_dir() else shutil.copy)(DATA / part, target)
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new))
    with pytest.raises(KnowledgeError, match=re.escape(complaint)):
        load_questions(tmp_path)
