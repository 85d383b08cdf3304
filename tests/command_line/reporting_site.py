"""A site with three desks in a folder of its own, and the command line as people and programs use it there."""

import io
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pexpect

from bot import PROJECT_ROOT
from bot.conversation.reporting.draft import ReportDraft
from bot.privacy.receipts import new_code
from bot.reports.ticket import Ticket
from bot.runtime.reporting import Reporting, reporting_of
from bot.settings import Settings, load
from tests.desks import SITE

PASSPHRASES = {
    "ngo": "seven quiet herons at dawn",
    "hotline": "copper lantern under the bridge",
    "police": "winter apples in a blue bowl",
}


def types_hidden(child: "pexpect.spawn[str]", words: str) -> None:
    """Type at a hidden prompt. Its terminal throws away what was typed before it stopped to echo."""
    assert child.waitnoecho()
    child.sendline(words)


@dataclass(frozen=True)
class ReportingSite:
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {"OBERIH_VAR": str(self.folder / "var"), "OBERIH_SITE": str(self.folder / "site.yml")}
        return {**os.environ, **own, "COLUMNS": "200", "TERM": "dumb"}

    @property
    def settings(self) -> Settings:
        return load(self.environment)

    @property
    def reporting(self) -> Reporting:
        reporting = reporting_of(self.settings)
        assert reporting is not None
        return reporting

    def run(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command with pipes; `typed` is its standard input."""
        command = [sys.executable, "-m", "bot.cli", *arguments]
        return subprocess.run(
            command, cwd=PROJECT_ROOT, env=self.environment, input=typed, capture_output=True, text=True, timeout=60
        )

    def terminal(self, *arguments: str) -> "pexpect.spawn[str]":
        """Start a command on a terminal of its own; what it prints is kept in `logfile_read`."""
        child = pexpect.spawn(
            sys.executable,
            ["-m", "bot.cli", *arguments],
            cwd=str(PROJECT_ROOT),
            env=self.environment,
            encoding="utf-8",
            timeout=30,
            dimensions=(50, 200),
            # Where the tests run in the background, Ctrl-C is ignored, and children would inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        child.logfile_read = io.StringIO()
        return child

    def init(self) -> "subprocess.CompletedProcess[str]":
        return self.run("init", "--member", "olha", typed="\n".join(PASSPHRASES.values()) + "\n")

    def send(self, identifier: str, ticket: Ticket) -> str:
        """Pass a ticket on as the chat does; return its receipt code."""
        code = new_code()
        report = ReportDraft(code, identifier, ticket.created.isoformat())
        assert self.reporting.send(report, ticket) == "sent"
        return code


def at(folder: Path) -> ReportingSite:
    (folder / "site.yml").write_text(SITE)
    return ReportingSite(folder)


def refused(done: "subprocess.CompletedProcess[str]", says: str) -> bool:
    """Say whether a command ended as errors do: exit code 2, one plain line, nothing on standard output."""
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 1), (done.returncode, done.stdout, done.stderr)
    return says in lines[0]
