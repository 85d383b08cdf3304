"""Every text people read, in their language: English from the project's files, the rest from PO files.

`data/locales/<lang>/<domain>.po` holds translations with the text's id as context (`msgctxt`). A text
that is missing in a language is shown in English rather than not at all; `make texts` and a test keep
the files complete.
"""

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

from babel import Locale
from babel.dates import format_datetime
from babel.messages.pofile import read_po

from bot.knowledge.files import Knowledge, KnowledgeError, read

DOMAINS = ("chat", "signs", "page", "desk")
SOURCE_LANGUAGE = "en"
IN_CHANNEL = "@"
"""Between the id of a text and the channel that words it differently, such as `utter_deleted@telegram`."""


class TextFile(Knowledge):
    """English texts by id."""

    texts: dict[str, str]


def load_english(path: Path) -> dict[str, str]:
    """Read a file of English texts, `data/texts/*.yml`.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return dict(read(path, TextFile).texts)


class Texts:
    """The texts of all domains; a language is read when it is first asked for.

    Args:
        english: for each domain, the English text of each id.
        locales: the folder `data/locales`.
    """

    def __init__(self, english: Mapping[str, Mapping[str, str]], locales: Path) -> None:
        self._english = english
        self._locales = locales
        self._translated: dict[tuple[str, str], dict[tuple[str, str], str]] = {}

    def get(self, domain: str, identifier: str, language: str, channel: Optional[str] = None) -> str:
        """Return the text with this id, in the wording of a channel where it has one (`<id>@<channel>`).

        Raises:
            KeyError: the domain has no such text.
        """
        texts = self._english[domain]
        own = f"{identifier}{IN_CHANNEL}{channel}"
        wording = own if own in texts else identifier
        return self.translate(domain, wording, texts[wording], language)

    def translate(self, domain: str, context: str, english: str, language: str) -> str:
        """Return the translation of an English text in its context, or the English text itself."""
        if language == SOURCE_LANGUAGE:
            return english
        return self._language(domain, language).get((context, english)) or english

    def all_of(self, domain: str, language: str) -> dict[str, str]:
        """Return every text of a domain by id."""
        return {identifier: self.get(domain, identifier, language) for identifier in self._english[domain]}

    def _language(self, domain: str, language: str) -> dict[tuple[str, str], str]:
        key = (domain, language)
        if key not in self._translated:
            self._translated[key] = read_translations(self._locales / language / f"{domain}.po")
        return self._translated[key]


def read_translations(path: Path) -> dict[tuple[str, str], str]:
    """Return the translations of a PO file by context and English text; an absent file has none."""
    if not path.exists():
        return {}
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except ValueError as error:
        raise KnowledgeError(f"{path} is not a valid PO file: {error}") from error
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in catalog
        if message.id and message.string
    }


_UKRAINIAN_ORDER = str.maketrans({"ґ": "г\uffff", "є": "е\uffff", "і": "и\uffff", "ї": "и\uffff\uffff"})


def alphabetical(word: str) -> str:
    """Return a key that sorts words as people expect; code points put Ukrainian І before А."""
    return word.lower().translate(_UKRAINIAN_ORDER)


def country_name(code: str, language: str) -> str:
    """Return the name of a country in a language (CLDR)."""
    return str(Locale.parse(language).territories.get(code, code))


def language_name(code: str, language: str) -> str:
    """Return the name of a language in a language (CLDR)."""
    return str(Locale.parse(language).languages.get(code, code))


def moment_text(moment: datetime, language: str) -> str:
    """Return a moment as people of a language write it, in UTC."""
    return str(format_datetime(moment, "medium", tzinfo=timezone.utc, locale=language)) + " UTC"
