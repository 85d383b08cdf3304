"""Desks at work run on each kind of database."""

from pathlib import Path

import pytest

from tests import desks
from tests.databases import url as url


@pytest.fixture
def site(url: str, tmp_path: Path) -> desks.Site:
    """A founded site with three desks, each with the member olha."""
    return desks.found(tmp_path, url)
