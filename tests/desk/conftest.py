"""One site for all tests here, and copies of it for those that change something: founding one costs three hashes."""

import shutil
from pathlib import Path

import pytest

from tests.desk.site import DeskSite, found, opened


@pytest.fixture(scope="session")
def founded(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    found(folder)
    return folder


@pytest.fixture
def site(founded: Path) -> DeskSite:
    """The site, its console just started."""
    return opened(founded)


@pytest.fixture
def own_site(founded: Path, tmp_path: Path) -> DeskSite:
    """A site that this test may change."""
    shutil.copytree(founded, tmp_path / "site")
    return opened(tmp_path / "site")
