"""Other signs are taken over while the chat runs, or not at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import PROJECT_ROOT
from bot.conversation.offer import without_signs_gone
from bot.conversation.state import State
from bot.knowledge.signs import Severity
from bot.runtime.services import Services
from bot.runtime.sign_packs import SignPacks

OFFER = "Job in Germany. Your passport stays with the company until the contract ends."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of its own, as far as it is read again."""
    shutil.copytree(PROJECT_ROOT / "data" / "signs", tmp_path / "data" / "signs")
    shutil.copytree(PROJECT_ROOT / "data" / "texts", tmp_path / "data" / "texts")
    (tmp_path / "data" / "locales").symlink_to(PROJECT_ROOT / "data" / "locales")
    for name in ("domain.yml", "data/languages.yml"):
        shutil.copy(PROJECT_ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def own_services(services: Services) -> Services:
    return replace(services)


def change(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new, 1), encoding="utf-8")


def sign_file(root: Path) -> Path:
    return root / "data" / "signs" / "catalogue" / "job.yml"


def test_changed_signs_are_taken_over_between_two_messages(own_services: Services, root: Path) -> None:
    packs = SignPacks(own_services, root)
    before = own_services.checker
    assert not packs.look()
    title = own_services.knowledge.catalogue.signs["J24"].title
    change(sign_file(root), title, "Another title")
    assert packs.look()
    assert own_services.checker is not before
    assert own_services.texts.get("signs", "J24.title", "en") == "Another title"
    assert own_services.checker.check(OFFER, "en").signs == before.check(OFFER, "en").signs
    assert not packs.look()


@pytest.mark.parametrize(("old", "new"), [("severity: H", "severity: HUGE"), ("- id: J24", "- id: [")])
def test_files_that_do_not_fit_change_nothing(
    own_services: Services, root: Path, old: str, new: str, caplog: pytest.LogCaptureFixture
) -> None:
    packs = SignPacks(own_services, root)
    before = own_services.checker
    change(sign_file(root), old, new)
    assert not packs.look() and own_services.checker is before
    assert own_services.knowledge.catalogue.signs["J24"].severity is Severity.HIGH
    assert "not taken over" in caplog.text
    assert not packs.look() and caplog.text.count("not taken over") == 1


def test_wording_that_no_model_was_trained_for_waits_for_one(
    own_services: Services, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    packs = SignPacks(own_services, root)
    before = own_services.checker
    examples = root / "data" / "signs" / "examples" / "en.yml"
    change(examples, "phrases:", 'phrases:\n    - "Something that nobody has written before."')
    assert not packs.look() and own_services.checker is before
    assert "run `oberih train`" in caplog.text


def test_questions_about_signs_that_are_gone_are_asked_no_more() -> None:
    state = State(
        asked="sign.J30",
        answers={"sign.J30": "yes", "sign.J24": "no", "report.safe": "yes"},
        draft={"text": OFFER, "questions": ["J24", "J30"]},
    )
    kept = without_signs_gone(state, {"J24": ""})
    assert kept.asked is None and kept.answers == {"sign.J24": "no", "report.safe": "yes"}
    assert kept.draft is not None and kept.draft["questions"] == ["J24"]
    assert without_signs_gone(state, {"J24": "", "J30": ""}) == state
