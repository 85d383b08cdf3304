"""The languages that are read and those that are spoken, and what is fixed for each."""

from pathlib import Path
from typing import Optional

from pydantic import Field

from bot.knowledge.files import Knowledge, read


class ReadLanguage(Knowledge):
    """A language whose texts are read; `reads` names others whose patterns are tried too, because texts mix them."""

    code: str
    english: str
    script: str = Field(regex="^(Latn|Cyrl|Grek)$")
    reads: tuple[str, ...] = ()
    regions: tuple[str, ...]
    currency: Optional[str]


class Language(ReadLanguage):
    """A language that the assistant speaks too."""

    name: str
    exit_word: str
    safe_word: str


class Stranger(Knowledge):
    """A language that is only told apart; `words` is what the word lists call it, where not by its code."""

    code: str
    english: str
    words: Optional[str] = None


class LanguageFile(Knowledge):
    """The file `data/languages.yml`; `foreign_letters` are letters that no language which is read has."""

    languages: tuple[Language, ...]
    read_only: tuple[ReadLanguage, ...]
    strangers: tuple[Stranger, ...]
    foreign_letters: str


def load_languages(data: Path) -> dict[str, Language]:
    """Return the languages that are spoken, by code, in the order of `data/languages.yml`.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return {entry.code: entry for entry in load_language_file(data).languages}


def load_read_languages(data: Path) -> dict[str, ReadLanguage]:
    """Return all languages whose texts are read, by code: the spoken ones first.

    Raises:
        KnowledgeError: `data/languages.yml` is missing or does not fit.
    """
    file = load_language_file(data)
    return {entry.code: entry for entry in (*file.languages, *file.read_only)}


def load_language_file(data: Path) -> LanguageFile:
    """Return the whole file `data/languages.yml`.

    Raises:
        KnowledgeError: it is missing or does not fit.
    """
    return read(data / "languages.yml", LanguageFile)
