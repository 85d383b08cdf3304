"""What the documents promise about data is what the program does."""

import re
from collections.abc import Iterator

import pytest
import yaml

from bot import PROJECT_ROOT
from bot.site import Gate, Retention
from bot.store.records import HOLD_REASONS
from bot.store.tables import metadata

DOCS = PROJECT_ROOT / "docs"
PROTECTION, THREATS = (DOCS / "data-protection.md").read_text(), (DOCS / "threat-model.md").read_text()
SECURITY = (PROJECT_ROOT / "SECURITY.md").read_text()
EXAMPLE = yaml.safe_load((PROJECT_ROOT / "deploy" / "site.example.yml").read_text())
ADVERSARIES = (
    "stolen database", "stolen backup", "seized server", "live root", "write to the database",
    "stolen phone or laptop of a member", "stolen phone", "searched phone", "hostile reporter", "curious insider",
    "leaver", "forged webhook", "network observer", "Telegram",
)  # fmt: skip


def rows(text: str, title: str) -> Iterator[list[str]]:
    """Yield the cells of the rows of the table that begins with a title."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {title} |"))
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_terms_are_those_of_the_program() -> None:
    described = {cells[0].strip("`"): int(cells[1]) for cells in rows(PROTECTION, "setting")}
    assert described == Retention.parse_obj({}).dict() == EXAMPLE["retention"]
    longest = {name: field.field_info.le for name, field in Retention.__fields__.items()}
    assert described == longest


def test_the_gate_is_that_of_the_program() -> None:
    limits = Gate.parse_obj({}).dict(exclude={"on_duty"})
    assert {name: EXAMPLE["gate"][name] for name in limits} == limits
    said = f"for {limits['no_login_hours']} hours, or for {limits['urgent_unread_hours']} while something urgent waits"
    assert said in THREATS and limits["grace_minutes"] == 60 and "an hour later that desk's intake closes" in THREATS


def test_every_table_is_accounted_for() -> None:
    described = {name for cells in rows(PROTECTION, "table") for name in re.findall(r"`(\w+)`", cells[0])}
    assert set(metadata.tables) <= described


@pytest.mark.parametrize("reason", HOLD_REASONS)
def test_every_reason_for_a_hold_is_named(reason: str) -> None:
    assert f"`{reason}`" in PROTECTION


@pytest.mark.parametrize("adversary", ADVERSARIES)
def test_every_adversary_has_a_row_with_what_they_get_and_do_not(adversary: str) -> None:
    found = [cells for cells in rows(THREATS, "who | gets") if f"**{adversary}" in cells[0]]
    assert found and all(len(cells) == 4 and cells[1] and cells[2] for cells in found)


def test_nobody_invented_an_address() -> None:
    for text in (SECURITY, PROTECTION, THREATS):
        assert not re.search(r"[\w.]+@[\w-]+\.\w+", text)
    assert "______" in SECURITY and PROTECTION.count("______") > 20
