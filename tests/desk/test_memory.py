"""The memory of the desk's process, read from outside while a session is open and nobody is asking anything."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.desk.memory import overwriting
from bot.runtime.desk_session import log_in
from bot.runtime.founding import found_training_site
from bot.store.database import Database
from bot.store.tickets import Tickets
from tests.browser.test_desk import FULL, SERVE
from tests.desk.site import csrf, stored
from tests.libretranslate import serving
from tests.reports.tickets import ticket
from tests.server import Server, running, settings_in

WORDS = "Бригадир Віктор"
TRANSLATED = "the foreman Quagmire Haven"
PATIENCE = 30
HTMX = {"hx-request": "true"}


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[Server, dict[str, bytes]]]:
    """A desk with one ticket, and what must not lie in its memory, without the cookie of the session."""
    folder = tmp_path_factory.mktemp("desk")
    settings = settings_in(folder)
    member = found_training_site(settings)
    assert member is not None
    one = ticket(**{**FULL, "recipients": ("training",)})
    Tickets(Database(settings.database_url)).insert(stored(settings, "a" * 32, one, "training"), [])
    opened = log_in(settings, "training", member.name, member.passphrase).opened
    secrets = {
        "passphrase": member.passphrase.encode(), "secret": opened.secret, "D": opened.keys.identity.encode(),
        "words": WORDS.encode(), "words inside": WORDS.encode("utf-16-le"),
        "folded": WORDS.casefold().encode("utf-16-le"), "translated": TRANSLATED.encode(),
    }  # fmt: skip
    with serving() as translation:
        translation.body = json.dumps({"translatedText": TRANSLATED}).encode()
        changed = {"OBERIH_SITE": str(folder / "none.yml"), "OBERIH_TRANSLATE_URL": translation.url}
        with running(folder, SERVE, **changed) as server:
            yield server, secrets


def lying(pid: int, secrets: dict[str, bytes]) -> list[str]:
    """Return which secrets are anywhere in the memory of a process."""
    found = set()
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if "r" not in line.split()[1] or "[v" in line:
                continue
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except OSError:
                continue
            found |= {name for name, secret in secrets.items() if secret in content}
    return sorted(found)


def work(base: str, passphrase: str) -> bytes:
    """Log in, read the queue, search, read the ticket, translate it; leave the session open. Return its cookie."""
    with httpx.Client(base_url=base, timeout=60) as browser:
        fields = {"desk": "training", "name": "trainer", "passphrase": passphrase}
        cookie = browser.post("/login", data=fields).headers["set-cookie"]
        browser.post("/second-factor/later", data={"csrf": csrf(browser.get("/second-factor").text)})
        page = browser.get("/").text
        asked = {"csrf": csrf(page), "state": "new", "query": WORDS}
        found = browser.post("/queue", data=asked, headers=HTMX)
        assert "a" * 32 in found.text
        assert WORDS in browser.get(f"/tickets/{'a' * 32}").text
        wanted = {"csrf": csrf(page), "passage": "said-narrative"}
        assert TRANSLATED in browser.post(f"/tickets/{'a' * 32}/translate", data=wanted, headers=HTMX).text
    return re.search("oberih-desk=([0-9a-f]{64})", cookie).group(1).encode()  # type: ignore[union-attr]


@pytest.mark.skipif(sys.platform != "linux", reason="another process's memory is read through /proc")
def test_an_open_session_leaves_nothing_that_opens_without_its_cookie(served) -> None:
    server, secrets = served
    cookie = work(server.base, secrets["passphrase"].decode())
    wanted = {**secrets, "cookie": cookie, "token": bytes.fromhex(cookie.decode())}
    for _ in range(PATIENCE):
        left = lying(server.process.pid, wanted)
        if not left:
            break
        # Connections end, and circles of references are undone, within seconds.
        time.sleep(1)
    assert left == []
    still = httpx.get(server.base, cookies={"oberih-desk": cookie.decode()})
    assert still.status_code == 200 and "aaaaaaaa" in still.text


def test_an_environment_that_says_so_already_is_left_alone() -> None:
    once = overwriting({"HOME": "/x", "GLIBC_TUNABLES": "glibc.cpu.x=1"})
    assert once["HOME"] == "/x" and once["GLIBC_TUNABLES"].startswith("glibc.cpu.x=1:glibc.malloc.perturb=")
    assert overwriting(once) == once


def test_a_process_begins_again_once(tmp_path: Path) -> None:
    program = (
        "import os; from bot.desk import memory; print(os.getpid()); memory.start_again_overwriting(); print('on')"
    )
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONMALLOC", "GLIBC_TUNABLES")}
    done = subprocess.run(
        [sys.executable, "-uc", program], env=plain, capture_output=True, text=True, timeout=60, check=True
    )
    first, second, last = done.stdout.split()
    assert first == second and last == "on"
