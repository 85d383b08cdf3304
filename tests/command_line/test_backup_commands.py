"""`oberih db backup` and `oberih db restore`, as the person does who has the recovery paper."""

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.reports.ticket import Ticket
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused, types_hidden

KEPT, TAKEN_BACK = "a" * 32, "b" * 32


@pytest.fixture
def site(tmp_path: Path) -> ReportingSite:
    return reporting_site.at(tmp_path)


def test_from_backup_to_restored_site(site: ReportingSite, tmp_path: Path) -> None:
    founded = site.init()
    found = re.search(r"^  (OBERIH1 .*)$", founded.stdout, re.MULTILINE)
    assert found is not None
    code, ticket = found[1], Ticket(created=datetime.now(timezone.utc), recipients=("ngo",))
    for identifier in (KEPT, TAKEN_BACK):
        site.send(identifier, ticket)
    file = tmp_path / "backup.age"
    done = site.run("db", "backup", str(file))
    assert done.stderr == "" and f"{file.stat().st_size} bytes, sealed to the recovery key" in done.stdout
    assert refused(site.run("db", "backup", str(file)), "is there already")
    assert site.reporting.follow_up.withdraw(TAKEN_BACK, held=False)[0] == "withdrawn"

    restoring = ("db", "restore", str(file))
    assert refused(site.run(*restoring, typed="OBERIH1 QQQQ\n"), "not a recovery code")
    assert refused(site.run(*restoring, typed=code + "\n"), "say --replace")
    for path in (site.folder / "var").glob("oberih.db*"):
        path.unlink()
    assert refused(site.run("db", "backup", str(tmp_path / "none.age")), "There is no database")
    terminal = site.terminal(*restoring)
    terminal.expect("Recovery code, from the paper")
    types_hidden(terminal, code)
    terminal.expect("3 desks, 2 tickets. 1 of them had ended since and stay erased")
    terminal.wait()
    assert code not in terminal.logfile_read.getvalue()
    listed = site.run("tickets", "list", "--desk", "ngo", "--json", typed=PASSPHRASES["ngo"] + "\n").stdout
    assert f'"id": "{KEPT}"' in listed and '"state": "revoked"' in listed
