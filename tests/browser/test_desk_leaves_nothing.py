"""After logout and a kill no word of a ticket is on the disk of a member's computer; a careless page's words are."""

import gzip
import os
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.reports.ticket import Identifier, Place, TicketSign
from tests.browser.conftest import FLAGS
from tests.browser.served import served_desk
from tests.browser.test_desk import Desk, log_in_quickly
from tests.browser.traces import traces, unsnapped

NARRATIVE, OFFER, PLACE, SIGN, CONTACT = (
    "Жмеринкопуть",
    "Хмарочосбуд",
    "Квасильняград",
    "Перстеньзабрав",
    "380507654321",
)
TRANSLATED = "Quagmirehaven"
WORDS = (NARRATIVE, OFFER, PLACE, SIGN, CONTACT, TRANSLATED)
CACHED, TITLED, KEPT, ASKED = "Недбаласторінка", "Недбалийзаголовок", "Недбалесховище", "Недбалийзапит"


class Careless(BaseHTTPRequestHandler):
    """A page that may be stored, keeps a word in local storage, and searches by its address."""

    def do_GET(self) -> None:
        page = f"<title>{TITLED}</title><p>{CACHED}</p><script>localStorage.word = '{KEPT}'</script>" + " " * 5000
        content = gzip.compress(page.encode())
        self.send_response(200)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(content))), ("Cache-Control", "max-age=3600"),
        ):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *details: object) -> None:
        pass


@pytest.fixture(scope="module")
def careless() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    with served_desk(tmp_path_factory.mktemp("desk"), f"the {TRANSLATED} they spoke of") as desk:
        yield desk


@pytest.fixture
def disk() -> Iterator[Path]:
    """All that the browser writes: its profile, home and temporary files. The path is short enough for its sockets."""
    with TemporaryDirectory(prefix="o", dir="/tmp") as folder:
        for name in ("home", "tmp"):
            (Path(folder) / name).mkdir()
        yield Path(folder)


def send(desk: Desk) -> str:
    return desk.send(
        language="uk",
        narrative=f"Він казав про {NARRATIVE} двічі.",
        offer=f"Робота: {OFFER}, {SIGN}.",
        place=Place(country="DE", words=PLACE),
        identifiers=(Identifier(value=f"+{CONTACT}", type="phone"),),
        signs=(TicketSign(id="J24", title="Papers kept", severity="H", evidence=(SIGN,)),),
    )


def walk(page: Page, desk: Desk, id: str) -> None:
    """Read the queue, search, read the ticket, translate it, and go out."""
    log_in_quickly(page, desk)
    page.get_by_text("Not now").click()
    expect(page.locator(".line", has_text=PLACE)).to_be_visible()
    page.fill("#query", NARRATIVE)
    expect(page.locator(".line")).to_have_count(1)
    page.locator("a.open").click()
    expect(page.locator("blockquote", has_text=NARRATIVE)).to_be_visible()
    page.locator("#translation-said-narrative button").click()
    expect(page.locator("#translation-said-narrative", has_text=TRANSLATED)).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(page.locator("mark", has_text=SIGN)).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#passphrase")).to_be_visible()
    page.go_back()
    expect(page.locator("#passphrase")).to_be_visible()


def kill(profile: Path) -> None:
    """End every process of a browser as a power cut would."""
    ours = f"--user-data-dir={profile}"
    killed = [process for process in psutil.process_iter(["cmdline"]) if ours in (process.info["cmdline"] or [])]
    for process in killed:
        process.send_signal(signal.SIGKILL)
    assert killed
    psutil.wait_procs(killed, 10)


def test_no_word_of_a_ticket_is_on_the_disk_after_logout_and_a_kill(
    desk: Desk, browser: Browser, careless: str, disk: Path
) -> None:
    id, profile = send(desk), disk / "profile"
    homes = {"HOME": str(disk / "home"), "TMPDIR": str(disk / "tmp"), "XDG_CACHE_HOME": str(disk / "home")}
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path="/usr/bin/chromium",
        args=FLAGS,
        # As people's browsers are: pages kept for going back, crashes written down.
        ignore_default_args=["--disable-back-forward-cache", "--disable-breakpad"],
        locale="en",
        env={**os.environ, **homes},
    )
    page = context.pages[0]
    walk(page, desk, id)
    page.goto(f"{careless}/?q={ASKED}")
    page.goto(f"{careless}/")
    # Time for the browser to write what it writes now and then: its session every few seconds.
    page.wait_for_timeout(4_000)
    kill(profile)
    # The control: what a careless page leaves is found, by its address, its title, in the cache and in the storage.
    careless_words = (CACHED, TITLED, KEPT, ASKED)
    assert set(traces(disk, careless_words)) == set(careless_words)
    assert traces(disk, (*WORDS, desk.passphrase)) == {}


def test_what_snappy_packed_is_read() -> None:
    # A literal of four bytes, then two copies: of four bytes four back, of six bytes eight back.
    packed = bytes([14, 3 << 2]) + b"abcd" + bytes([1, 4]) + bytes([(5 << 2) | 2, 8, 0])
    assert unsnapped(packed) == b"abcdabcdabcdab"
