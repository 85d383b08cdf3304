"""A desk's own sheet: its list of tags, and views that members saved, each a name for a filter and a search. Pure."""

from typing import Optional, Union

from pydantic import Field, StrictBool, StrictInt, StrictStr

from bot.reports.ticket import Sealed
from bot.reports.visible import unmasked
from bot.reports.worksheet import WorkError, read_as

MOST_VIEWS = 9
"""Of one member, the desk's included: as many as there are keys for them."""
LONGEST_NAME = 40
MOST_KEPT_TAGS = 200


class View(Sealed):
    """A saved view. `owner` is a member's id; None: the whole desk's. `choice`: what to show, as it was chosen."""

    id: str
    name: str = Field(max_length=LONGEST_NAME)
    owner: Optional[str] = None
    choice: dict[str, Union[StrictBool, StrictInt, StrictStr]]


class DeskSheet(Sealed):
    """What a desk keeps for itself beside its tickets."""

    views: tuple[View, ...] = ()
    tags: tuple[str, ...] = ()


EMPTY = DeskSheet()


def views_of(sheet: DeskSheet, member: str) -> tuple[View, ...]:
    """Return the views that a member sees: the desk's and their own, in the order they were saved."""
    return tuple(view for view in sheet.views if view.owner in (None, member))


def with_view(sheet: DeskSheet, view: View, member: str) -> DeskSheet:
    """Return a sheet with one more view, in the place of one of the same name and owner.

    Raises:
        WorkError: `views_full`.
    """
    kept = tuple(known for known in sheet.views if (known.name, known.owner) != (view.name, view.owner))
    after = sheet.copy(update={"views": (*kept, view)})
    if len(views_of(after, member)) > MOST_VIEWS:
        raise WorkError("views_full")
    return after


def without_view(sheet: DeskSheet, id: str, member: str) -> DeskSheet:
    """Return a sheet without a view of this member or of the whole desk."""
    gone = {view.id for view in views_of(sheet, member)} & {id}
    return sheet.copy(update={"views": tuple(view for view in sheet.views if view.id not in gone)})


def view_name(typed: str) -> str:
    """Return the name of a view as it is kept.

    Raises:
        WorkError: `view_unnamed`: there are no words, or too many.
    """
    name = unmasked(" ".join(typed.split()))
    if not name or len(name) > LONGEST_NAME:
        raise WorkError("view_unnamed")
    return name


def with_listed_tag(sheet: DeskSheet, tag: str) -> DeskSheet:
    """Return a sheet whose list of tags has this one; a list that is full stays as it is."""
    if tag in sheet.tags or len(sheet.tags) >= MOST_KEPT_TAGS:
        return sheet
    return sheet.copy(update={"tags": tuple(sorted((*sheet.tags, tag)))})


def to_bytes(sheet: DeskSheet) -> bytes:
    """Return a desk's sheet as it is sealed."""
    return sheet.json(exclude_none=True, ensure_ascii=False).encode("utf-8")


def from_bytes(content: bytes) -> DeskSheet:
    """Return the sheet of a sealed content.

    Raises:
        WorkError: `damaged`: it is none.
    """
    sheet: DeskSheet = read_as(DeskSheet, content)
    return sheet
