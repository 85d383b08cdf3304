"""`oberih init`: a site is founded once, and its recovery key is shown once."""

import re
from pathlib import Path

import pexpect
import pytest

from bot.privacy.recovery import parse_recovery
from bot.runtime import key_folder
from bot.store.database import Database
from bot.store.desks import Desks
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused, types_hidden

CODE = re.compile(r"OBERIH1(?: [0-9A-Z]{1,4})+")


@pytest.fixture
def site(tmp_path: Path) -> ReportingSite:
    return reporting_site.at(tmp_path)


def test_with_pipes_each_desk_gets_its_line(site: ReportingSite) -> None:
    done = site.init()
    assert (done.returncode, done.stderr) == (0, "")
    [code] = CODE.findall(done.stdout)
    keys = key_folder.read(site.settings.key_folder)
    assert parse_recovery(code).verify_key == keys.root and keys.root in done.stdout
    assert set(keys.pins.chains) == {"ngo", "hotline", "police"}
    assert refused(site.init(), "founded already")


def test_on_a_terminal_the_key_is_shown_once_and_written_nowhere(site: ReportingSite) -> None:
    child = site.terminal("init")
    for desk, passphrase in PASSPHRASES.items():
        child.expect(f"Name of the first member of desk {desk}")
        child.sendline("olha" if desk == "ngo" else "")
        child.expect(f"New passphrase of olha at desk {desk}: ")
        types_hidden(child, passphrase)
        child.expect("The same again: ")
        types_hidden(child, passphrase)
    child.expect(pexpect.EOF)
    child.close()
    shown = child.logfile_read.getvalue()
    assert child.exitstatus == 0 and not any(passphrase in shown for passphrase in PASSPHRASES.values())
    [code] = CODE.findall(shown)
    kept = [path.read_bytes() for path in site.folder.rglob("*") if path.is_file()]
    recovery, closed = parse_recovery(code), code.replace(" ", "")
    for secret in (code, closed, recovery.identity, recovery.secret.hex(), *PASSPHRASES.values()):
        assert not any(secret.lower().encode() in content.lower() for content in kept)
    assert not any(recovery.secret in content for content in kept)


def test_weak_and_different_passphrases_are_asked_for_again(site: ReportingSite) -> None:
    child = site.terminal("init", "--member", "olha")
    child.expect("New passphrase")
    types_hidden(child, "short")
    child.expect("Use at least 15 characters")
    child.expect("New passphrase")
    types_hidden(child, PASSPHRASES["ngo"])
    child.expect("The same again")
    types_hidden(child, PASSPHRASES["police"])
    child.expect("The two are not the same")
    child.expect("New passphrase of olha at desk ngo")
    assert child.waitnoecho()
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus != 0 and not site.settings.var.exists()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_weak_passphrase_of_any_desk_leaves_nothing_half_founded(site: ReportingSite, number: int) -> None:
    lines = list(PASSPHRASES.values())
    lines[number] = "short"
    done = site.run("init", "--member", "olha", typed="\n".join(lines) + "\n")
    assert refused(done, "at least 15 characters") and not site.settings.var.exists()
    assert site.init().returncode == 0


@pytest.mark.parametrize(
    "arguments, typed, says",
    [
        (("--member", "olha"), "", "New passphrase of olha at desk ngo"),
        ((), "", "Name of the first member of desk ngo"),
        (("--member", "<olha>"), "", "A name has 1 to 64 letters"),
        (("--member", "  "), "", "A name has 1 to 64 letters"),
    ],
)
def test_what_is_missing_is_named(site: ReportingSite, arguments: tuple[str, ...], typed: str, says: str) -> None:
    assert refused(site.run("init", *arguments, typed=typed), says)


def test_without_a_site_file_it_says_what_to_copy(site: ReportingSite) -> None:
    (site.folder / "site.yml").unlink()
    assert refused(site.init(), "copy deploy/site.example.yml")


def test_a_database_of_another_site_is_not_taken_over(site: ReportingSite) -> None:
    assert site.init().returncode == 0
    before = Desks(Database(site.settings.database_url)).ids()
    for path in site.settings.key_folder.iterdir():
        path.unlink()
    assert refused(site.init(), "holds desks of another founding")
    assert Desks(Database(site.settings.database_url)).ids() == before


def test_a_lost_pepper_is_to_be_restored_not_made_anew(site: ReportingSite) -> None:
    assert site.init().returncode == 0
    (site.settings.key_folder / "pepper").unlink()
    assert refused(site.run("tickets", "list"), "pepper is missing: restore it from a backup")
    assert "pepper is missing" in site.run("doctor").stdout


def test_the_database_can_be_brought_up_to_date_again(site: ReportingSite) -> None:
    for _ in range(2):
        done = site.run("db", "upgrade")
        assert done.returncode == 0 and "is up to date" in done.stdout
    assert refused(site.run("tickets", "list"), "run `oberih init`")
    assert site.init().returncode == 0
    site.settings.var.joinpath("oberih.db").unlink()
    assert refused(site.run("tickets", "list", "--desk", "ngo"), "run `oberih db upgrade`")
