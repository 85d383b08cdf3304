"""An exported ticket opens with the `age` program of Debian and with nothing of ours."""

import json
import shutil
import stat
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot import PROJECT_ROOT
from bot.reports.ticket import Place, Ticket
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused

TICKET = "aa" + "1" * 30
WORDS = "Він забрав її паспорт"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReportingSite:
    founded = reporting_site.at(tmp_path_factory.mktemp("site"))
    assert founded.init().returncode == 0
    content = Ticket(
        created=datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc),
        recipients=("ngo",),
        narrative=WORDS,
        place=Place(country="DE"),
    )
    founded.send(TICKET, content)
    return founded


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """A key that `age-keygen` made, and its public half."""
    assert shutil.which("age"), "run deploy/browser, or: sudo apt-get install age"
    path = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", str(path)], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", str(path)], check=True, capture_output=True, text=True)
    return path, public.stdout.strip()


def export(site: ReportingSite, *options: str) -> "subprocess.CompletedProcess[str]":
    return site.run("tickets", "export", "aa", "--desk", "ngo", *options, typed=PASSPHRASES["ngo"] + "\n")


def test_age_opens_an_exported_ticket_with_its_own_key(site: ReportingSite, key: tuple[Path, str]) -> None:
    path, public = key
    out = path.with_name("ticket.age")
    done = export(site, "--to", public, "--out", str(out))
    assert done.returncode == 0 and done.stdout == "" and str(out) in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600 and WORDS.encode() not in out.read_bytes()
    opened = subprocess.run(["age", "-d", "-i", str(path), str(out)], check=True, capture_output=True)
    found = json.loads(opened.stdout)
    assert found["oberih_narrative"] == WORDS and found["hte_Country"] == "DE" and found["oberih_ticket_id"] == TICKET
    assert refused(export(site, "--to", public, "--out", str(out)), "File exists")


def test_another_key_does_not_open_it_and_the_log_tells_to_whom_it_went(
    site: ReportingSite, key: tuple[Path, str], tmp_path: Path
) -> None:
    _, public = key
    out, other = tmp_path / "ticket.age", tmp_path / "other.txt"
    assert export(site, "--to", public, "--out", str(out)).returncode == 0
    subprocess.run(["age-keygen", "-o", str(other)], check=True, capture_output=True)
    closed = subprocess.run(["age", "-d", "-i", str(other), str(out)], capture_output=True)
    assert closed.returncode != 0 and closed.stdout == b""
    log = site.run("desk", "audit", "ngo", "--json", typed=PASSPHRASES["ngo"] + "\n")
    entry = next(entry for entry in reversed(json.loads(log.stdout)["entries"]) if entry["action"] == "export")
    assert (entry["subject"], entry["reason"]) == (TICKET, f"to {public}")


def test_it_can_be_passed_on_without_a_file(site: ReportingSite, key: tuple[Path, str]) -> None:
    path, public = key
    command = [sys.executable, "-m", "bot.cli", "tickets", "export", "aa", "--desk", "ngo", "--to", public]
    typed = f"{PASSPHRASES['ngo']}\n".encode()
    sealed = subprocess.run(
        command, cwd=PROJECT_ROOT, env=site.environment, input=typed, check=True, capture_output=True
    )
    opened = subprocess.run(["age", "-d", "-i", str(path)], input=sealed.stdout, check=True, capture_output=True)
    assert json.loads(opened.stdout)["oberih_narrative"] == WORDS


@pytest.mark.parametrize(
    "options, says",
    [
        (("--to", "age1nobody"), "not an age recipient"),
        (("--out", "/tmp/never.age"), "name a key with --to"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_opened(
    site: ReportingSite, options: tuple[str, ...], says: str
) -> None:
    assert refused(export(site, *options), says)
