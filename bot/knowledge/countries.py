"""The directory: emergency numbers and help lines of each country, with what is known of each number."""

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Optional

from pydantic import Field

from bot.knowledge.files import Knowledge, KnowledgeError, read
from bot.knowledge.signs import Concern


class Status(str, Enum):
    """How well a number is verified (`facts/hotlines.md`): V2 two sources, V1o the operator's own page,
    V1 one other source, OLD too old to trust, blank not sourced, READ and GK for emergency numbers."""

    V2 = "V2"
    V1O = "V1o"
    V1 = "V1"
    OLD = "OLD"
    BLANK = "blank"
    READ = "READ"
    GK = "GK"


class EmergencyNumber(Knowledge):
    """An emergency number and how well it is verified."""

    number: str
    status: Status


class Line(Knowledge):
    """One help line; `home` is dialled inside the country, `abroad` works from elsewhere."""

    id: str
    name: str
    answers: str = Field(regex="^(ngo|police|state|mixed|unknown)$")
    serves: tuple[Concern, ...]
    for_whom: str = Field(regex="^(everyone|women|children|professionals)$")
    home: Optional[str]
    abroad: Optional[str]
    hours: Optional[str] = None
    languages: tuple[str, ...] = ()
    status: Status
    status_abroad: Optional[Status] = None
    source_url: Optional[str] = None
    read_on: Optional[date] = None
    next_check_due: date
    note: Optional[str] = None


class Country(Knowledge):
    """A country of the directory, by ISO 3166 code."""

    code: str = Field(regex="^[A-Z]{2}$")
    name: str
    emergency: tuple[EmergencyNumber, ...]
    silent_way: Optional[str]
    lines: tuple[Line, ...]


def load_countries(data: Path) -> dict[str, Country]:
    """Read `data/countries/*/country.yml`, keyed by country code.

    Raises:
        KnowledgeError: a file does not fit, or its folder does not carry its code.
    """
    countries = {}
    for path in sorted((data / "countries").glob("*/country.yml")):
        country = read(path, Country)
        if path.parent.name != country.code.lower():
            raise KnowledgeError(f"{path} says that it is {country.code}.")
        countries[country.code] = country
    return countries
