"""What people can type or set is named in the documentation."""

import re
from collections.abc import Iterator

import pytest
import typer

from bot import PROJECT_ROOT
from bot.cli import app
from evaluation import bench, tasks

PAGES = [PROJECT_ROOT / "README.md", PROJECT_ROOT / "CONTRIBUTING.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
DOCUMENTED = "\n".join(page.read_text() for page in PAGES)
CODE = [PROJECT_ROOT / folder for folder in ("bot", "actions", "policies", "evaluation", "tests", "deploy")]
MADE_UP = {"OBERIH_", "OBERIH_VARIABLE"}


def commands() -> Iterator[str]:
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        yield from (f"{name} {below}" for below in inner) if inner else (name,)


def variables() -> set[str]:
    texts = (path.read_text() for folder in CODE for path in folder.rglob("*.py"))
    return {name for text in texts for name in re.findall(r"\bOBERIH_[A-Z_]+\b", text)} - MADE_UP


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_named(command: str) -> None:
    assert re.search(rf"oberih {command}\b", DOCUMENTED)


@pytest.mark.parametrize("variable", sorted(variables()))
def test_every_variable_is_named(variable: str) -> None:
    assert f"`{variable}`" in DOCUMENTED or f"`{variable}=" in DOCUMENTED


def test_no_variable_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"\bOBERIH_[A-Z_]+\b", DOCUMENTED)) <= variables()


@pytest.mark.parametrize("task", tasks.TASKS)
def test_every_task_is_described(task: str) -> None:
    page = (PROJECT_ROOT / "docs" / "evaluation.md").read_text()
    assert f"**{task}**" in page and re.search(rf"evaluate [a-z|]*\b{task}\b", page)


@pytest.mark.parametrize("name", bench.NAMES)
def test_every_bench_is_named(name: str) -> None:
    assert re.search(rf"oberih bench [a-z|]*\b{name}\b", DOCUMENTED)


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), (page, target)
