"""Which help lines may be shown to whom: verified ones only, in the form that works for the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

from bot.knowledge.countries import Country, Line, Status
from bot.knowledge.signs import Concern

_SHOWN = {Status.V2, Status.V1O}
_SHOWN_WITH_DOUBT = {Status.V1}


@dataclass(frozen=True)
class DialableLine:
    """A line as one caller can dial it; `verify` means that the number was read in one source only."""

    line: Line
    number: str
    verify: bool

    @property
    def href(self) -> str:
        """The number as a `tel:` address."""
        return "tel:" + "".join(c for c in self.number if c.isdigit() or c == "+")


def dialable(country: Country, caller: Optional[str]) -> list[DialableLine]:
    """Return a country's lines that `caller` (a country code) can dial, best first.

    Lines with an old or blank status are never returned. From another country only a number that
    was read in its international form is returned; a free-phone number is not turned into one.
    """
    lines = []
    for line in country.lines:
        at_home = caller == country.code
        number = line.home if at_home else line.abroad
        status = line.status if at_home else (line.status_abroad or line.status)
        if number and status in _SHOWN | _SHOWN_WITH_DOUBT:
            lines.append(DialableLine(line, number, verify=status in _SHOWN_WITH_DOUBT))
    return sorted(lines, key=lambda found: found.verify)


def best_line(lines: Iterable[DialableLine], concern: Concern, *, child: bool = False) -> Optional[DialableLine]:
    """Return the first line that serves the concern and the person; professionals' lines only as a last resort.

    A child is served by children's lines first, then by lines for everyone.
    """
    usable = list(lines)

    def rank(found: DialableLine) -> tuple[int, int, int]:
        whom = found.line.for_whom
        fits_person = {"children": 0 if child else 3, "everyone": 1, "women": 2}.get(whom, 4)
        return int(concern not in found.line.serves), fits_person, int(found.verify)

    ranked = sorted(usable, key=rank)
    return ranked[0] if ranked else None
