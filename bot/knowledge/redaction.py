"""What redaction knows: words that say whose a contact is, numbers of states, names, street words.

Entries are plain words or short phrases in lower case; a `*` at the end of a word stands for any ending.
"""

import re
from pathlib import Path

from pydantic import Field

from bot.knowledge.files import Knowledge, KnowledgeError, read

Words = tuple[str, ...]


class RedactionLanguage(Knowledge):
    """The words of one language, `data/redaction/<code>.yml`.

    `mine`, `yours`, `theirs` are possessives, `reflexive` those of whoever acts, which
    `first_person` tells; `you` is what a messenger calls the one whose chat it is; `things` are what a contact
    or document is called by. `reach_me` gives what follows to the writer; `they` and `roles` name somebody
    else, `recruits` is what a recruiter says they do; `family` names people who are on
    the writer's side. `my_name` and `their_name` introduce a name, `i_am` does so only before a known name.
    `live` says that an address is where the writer lives; `pay_to` that money is to be sent to an account.
    """

    language: str = Field(regex="^[a-z]{2}$")
    review: str
    mine: Words
    reflexive: Words
    first_person: Words
    you: Words
    yours: Words
    theirs: Words
    things: Words
    reach_me: Words
    they: Words
    roles: Words
    recruits: Words
    family: Words
    my_name: Words
    i_am: Words
    their_name: Words
    titles: Words
    greetings: Words
    closings: Words
    live: Words
    pay_to: Words
    sent_from: Words
    born: Words
    documents: Words
    tax: Words
    phones: Words
    accounts: Words
    plates: Words
    postcodes: Words
    street_before: Words
    street_after: Words
    house: Words
    street_endings: Words
    addressed: Words
    not_before_names: Words
    no_name: Words
    months: Words


class NationalNumber(Knowledge):
    """A number that a state gives, checked by a module of `python-stdnum` (`module`, such as `pl.pesel`).

    `shape` is a regular expression. A `strong` number is believed by its shape and check digits alone; any
    other only where a word for it stands before it.
    """

    country: str = Field(regex="^[A-Z]{2}$")
    type: str = Field(regex="^(id_number|tax_number)$")
    module: str = Field(regex=r"^[a-z]{2}\.[a-z]+$")
    shape: str
    strong: bool = False


class NumberFile(Knowledge):
    """`data/redaction/numbers.yml`: national numbers, and by country the shapes of plates and postcodes."""

    numbers: tuple[NationalNumber, ...]
    plates: dict[str, Words]
    postcodes: dict[str, str]


class NameFile(Knowledge):
    """`data/redaction/names.yml`: common given names in Latin letters, by origin, with how they are declined."""

    given: dict[str, str]
    ambiguous: str
    uninflected: Words
    endings: Words
    surname_endings: Words
    adjective_endings: Words
    particles: Words


class CompanyFile(Knowledge):
    """`data/redaction/companies.yml`: legal forms, by whether they stand before or after the name."""

    before: Words
    after: Words
    kinds: Words


class RedactionKnowledge(Knowledge):
    """All of `data/redaction/`."""

    languages: dict[str, RedactionLanguage]
    numbers: NumberFile
    names: NameFile
    companies: CompanyFile
    cities: Words


class CityFile(Knowledge):
    """`data/redaction/cities.yml`: cities that texts of the field name, besides those CLDR knows."""

    cities: str


def load_redaction(data: Path) -> RedactionKnowledge:
    """Read `data/redaction/`.

    Raises:
        KnowledgeError: a file is missing, does not fit, or holds a shape that is no regular expression.
    """
    folder = data / "redaction"
    numbers = read(folder / "numbers.yml", NumberFile)
    for shape in (
        *(entry.shape for entry in numbers.numbers),
        *numbers.postcodes.values(),
        *sum(numbers.plates.values(), ()),
    ):
        _compiles(shape, folder / "numbers.yml")
    languages = {path.stem: read(path, RedactionLanguage) for path in sorted(folder.glob("??.yml"))}
    for code, entry in languages.items():
        if entry.language != code:
            raise KnowledgeError(f"{folder / code}.yml says that it is {entry.language}.")
    return RedactionKnowledge(
        languages=languages,
        numbers=numbers,
        names=read(folder / "names.yml", NameFile),
        companies=read(folder / "companies.yml", CompanyFile),
        cities=tuple(name.strip() for name in read(folder / "cities.yml", CityFile).cities.split(",")),
    )


def _compiles(shape: str, path: Path) -> None:
    try:
        re.compile(shape)
    except re.error as error:
        raise KnowledgeError(f"{path} holds {shape!r}, which is no regular expression: {error}.") from error
