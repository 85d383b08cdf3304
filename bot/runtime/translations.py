"""Keeping the PO files complete: `make texts`.

Every English text of the project goes into `data/locales/<lang>/<domain>.po`, with its id as context.
Translations that exist are kept; texts that are gone are dropped; new ones are empty until someone
writes them, and `missing` lists them. A translation whose English changed is emptied, because a sentence
about safety must not lag behind.
"""

from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot import PROJECT_ROOT
from bot.language.texts import DOMAINS, SOURCE_LANGUAGE, Texts, read_translations
from bot.runtime.services import load_knowledge, load_texts

REVIEW = "needs-native-review"
_HEADER = """# {review}
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def english_of(texts: Texts, domain: str) -> dict[str, str]:
    """Return all English texts of a domain by id."""
    return texts.all_of(domain, SOURCE_LANGUAGE)


def update(root: Path = PROJECT_ROOT) -> list[str]:
    """Rewrite all PO files; return what is still untranslated, as `lang/domain: id`."""
    knowledge = load_knowledge(root)
    texts = load_texts(knowledge, root)
    untranslated = []
    for language in knowledge.languages:
        if language == SOURCE_LANGUAGE:
            continue
        for domain in DOMAINS:
            path = root / "data" / "locales" / language / f"{domain}.po"
            done = read_translations(path)
            english = english_of(texts, domain)
            _write(path, language, english, done)
            untranslated += [f"{language}/{domain}: {i}" for i, text in english.items() if not done.get((i, text))]
    return untranslated


def _write(path: Path, language: str, english: Mapping[str, str], done: Mapping[tuple[str, str], str]) -> None:
    catalog = Catalog(locale=language, project="Oberih", fuzzy=False, header_comment=f"# {REVIEW}")
    for identifier, text in english.items():
        catalog.add(text, done.get((identifier, text), ""), context=identifier)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # A header of our own: no dates and no tool names, so that a difference always shows words.
        file.write(_HEADER.format(review=REVIEW, language=language).encode())
        write_po(file, catalog, width=0, sort_output=False, omit_header=True)


def main() -> int:
    """Update the files and print what is missing."""
    missing = update()
    print("\n".join(missing) if missing else "All texts are translated.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
