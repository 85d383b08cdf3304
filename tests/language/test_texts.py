"""The texts people read are complete and keep their placeholders in every language."""

import re

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.languages import load_languages
from bot.language.texts import DOMAINS, read_translations

LANGUAGES = [code for code in load_languages(PROJECT_ROOT / "data") if code != "en"]
PLACEHOLDER = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(services, language: str, domain: str) -> None:
    english = services.texts.all_of(domain, "en")
    done = read_translations(PROJECT_ROOT / "data/locales" / language / f"{domain}.po")
    assert [identifier for identifier, text in english.items() if not done.get((identifier, text))] == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_icons_survive_translation(services, language: str, domain: str) -> None:
    icons = re.compile(r"[\U0001F300-\U0001FAFF\u2600-\u27BF\u2190-\u21FF]")
    for identifier, english in services.texts.all_of(domain, "en").items():
        translated = services.texts.get(domain, identifier, language)
        assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(english)), identifier
        assert icons.findall(translated) == icons.findall(english), identifier


def test_a_missing_translation_is_shown_in_english(services) -> None:
    assert services.texts.translate("chat", "no such id", "Hello", "uk") == "Hello"
