"""The field names and values of the Human Trafficking Case Data Standard that an export may use."""

from pathlib import Path

from bot.knowledge.files import Knowledge, read


class Picklist(Knowledge):
    """The values a field allows; `many` fields hold a list of them."""

    many: bool
    allowed: tuple[str, ...]


class Standard(Knowledge):
    """The file `data/htcds.yml`: fields of free text, and fields with fixed values."""

    standard: str
    licence: str
    source: str
    texts: tuple[str, ...]
    picklists: dict[str, Picklist]


def load_htcds(data: Path) -> Standard:
    """Read `data/htcds.yml`.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return read(data / "htcds.yml", Standard)
