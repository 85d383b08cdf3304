"""What many unrelated people share, such as a help line's number or a big platform: it links no two reports."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.countries import Country, load_countries
from bot.knowledge.files import Knowledge, read


class CommonFile(Knowledge):
    """The file `data/common_identifiers.yml`; hosts are grouped by what they are."""

    reviewed: date
    hosts: dict[str, tuple[str, ...]]
    handles: tuple[str, ...]


@dataclass(frozen=True)
class Common:
    """The curated list: registered domains and other hosts, handles without @, phones as their digits."""

    hosts: frozenset[str]
    handles: frozenset[str]
    phones: frozenset[str]


def load_common(data: Path) -> Common:
    """Read the list, and add every number of `data/countries`.

    Raises:
        KnowledgeError: a file is missing or does not fit.
    """
    listed = read(data / "common_identifiers.yml", CommonFile)
    return Common(
        hosts=frozenset(host for hosts in listed.hosts.values() for host in hosts),
        handles=frozenset(listed.handles),
        phones=frozenset(_digits(number) for country in load_countries(data).values() for number in _numbers(country)),
    )


def _numbers(country: Country) -> Iterable[str]:
    yield from (emergency.number for emergency in country.emergency)
    for line in country.lines:
        yield from (number for number in (line.home, line.abroad) if number)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
