"""The languages of the product and what is fixed for each."""

from pathlib import Path
from typing import Optional

from pydantic import Field

from bot.knowledge.files import Knowledge, read


class Language(Knowledge):
    """One language: `reads` names languages whose patterns are tried too, because texts mix them."""

    code: str
    name: str
    english: str
    script: str = Field(regex="^(Latn|Cyrl|Grek)$")
    reads: tuple[str, ...] = ()
    regions: tuple[str, ...]
    currency: Optional[str]
    exit_word: str
    safe_word: str


class LanguageFile(Knowledge):
    """The file `data/languages.yml`."""

    languages: tuple[Language, ...]


def load_languages(data: Path) -> dict[str, Language]:
    """Read `data/languages.yml`, keyed by code, in the order of the file.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return {entry.code: entry for entry in read(data / "languages.yml", LanguageFile).languages}
