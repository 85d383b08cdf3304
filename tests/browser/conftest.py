"""One server with a training desk and one Chromium for all browser tests."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from bot.runtime.desk_session import DeskSession, log_in
from bot.runtime.founding import FirstMember, found_training_site
from bot.site import training_site
from tests.server import Server, running, settings_in

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="package")
def founded(tmp_path_factory, services) -> tuple[object, FirstMember]:
    folder = tmp_path_factory.mktemp("server")
    member = found_training_site(settings_in(folder))
    assert member is not None
    return folder, member


@pytest.fixture(scope="package")
def server(founded) -> Iterator[Server]:
    with running(founded[0]) as server:
        yield server


@pytest.fixture(scope="package")
def desk(founded, server) -> DeskSession:
    """The training desk, opened with its member's passphrase."""
    folder, member = founded
    return log_in(settings_in(folder), training_site().desks[0].id, member.name, member.passphrase)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "The browser tests need Chromium: sudo apt-get install chromium"
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def requests_elsewhere() -> list[str]:
    return []
