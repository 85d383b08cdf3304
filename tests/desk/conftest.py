"""One site for all tests here, and copies of it for those that change something: founding one costs three hashes."""

import shutil
from pathlib import Path

import pytest

from tests.desk.site import DeskSite, found, opened
from tests.desk.staff import Staff, copy_of, site_of, staffed


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


@pytest.fixture(scope="session")
def staff(founded: Path, tmp_path_factory) -> Staff:
    """A site with a member of every role; tests do not change its members."""
    return staffed(founded, tmp_path_factory.mktemp("staff") / "site")


@pytest.fixture
def own_staff(staff: Staff, tmp_path: Path) -> Staff:
    """A staffed site that this test may change."""
    return copy_of(staff, tmp_path / "site")


@pytest.fixture
def changing(own_staff: Staff) -> DeskSite:
    return site_of(own_staff)
