"""Files of others are theirs, unchanged; nothing comes from anywhere else."""

import hashlib
import re

from bot.desk.pages import FOLDER, STATIC

VENDORED = {
    # npm: htmx.org 2.0.11, dist/htmx.min.js
    "htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "LICENSE.htmx": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
}
SIZE = 150_000


def test_vendored_files_are_those_of_their_release() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (STATIC / "vendor").iterdir()}
    assert found == VENDORED


def test_pages_load_nothing_from_elsewhere_and_hold_no_script_or_style() -> None:
    for path in (FOLDER / "templates").iterdir():
        page = path.read_text()
        assert "://" not in page and '="//' not in page, path
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?! src=)", page), path


def test_the_files_of_a_page_are_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < SIZE
