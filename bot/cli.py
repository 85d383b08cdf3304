"""The command line, `oberih`."""

import asyncio
import json
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NoReturn, Optional

import typer

from bot.commands.asking import NothingTyped
from bot.commands.db import db
from bot.commands.desk import desk
from bot.commands.init import init
from bot.commands.telegram import telegram
from bot.commands.tickets import tickets
from bot.knowledge.files import KnowledgeError
from bot.language.embedding import EmbeddingError
from bot.language.network import ModelMissing
from bot.privacy.member_keys import LockedKeyError, WrongPassphrase
from bot.privacy.passphrases import WeakPassphrase
from bot.privacy.pins import PinError
from bot.privacy.recovery import RecoveryError
from bot.privacy.roster import RosterError
from bot.privacy.seal import SealError
from bot.reports.ticket import TicketError
from bot.reports.visible import json_line
from bot.runtime import patches
from bot.runtime.backup_file import BackupError
from bot.runtime.desk_session import DeskError
from bot.runtime.desk_talk import TalkError
from bot.runtime.endings import EndingsError
from bot.runtime.founding import FoundingError
from bot.runtime.key_folder import KeyFolderError
from bot.runtime.member_names import NameRefused
from bot.runtime.reading import InputError, each_line, text_from
from bot.runtime.safe_start import UnsafeMachine, refuse_unsafe
from bot.settings import Settings, SettingsError, load
from bot.site import SiteError
from bot.store.errors import StoreRefused, StoreUnavailable

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(db, name="db")
app.add_typer(desk, name="desk")
app.add_typer(tickets, name="tickets")
app.add_typer(telegram, name="telegram")
app.command()(init)
Source = typer.Argument(..., help="A text, a file, or - for standard input.", show_default=False)
AsJson = typer.Option(False, "--json", help="Print one JSON object on one line.")
AsLines = typer.Option(False, "--jsonl", help="Read one JSON object a line, write one a line.")
_EXPECTED = (
    InputError,
    KnowledgeError,
    ModelMissing,
    EmbeddingError,
    SettingsError,
    UnsafeMachine,
    OSError,
    SiteError,
    KeyFolderError,
    PinError,
    SealError,
    RosterError,
    RecoveryError,
    WeakPassphrase,
    WrongPassphrase,
    LockedKeyError,
    FoundingError,
    BackupError,
    EndingsError,
    DeskError,
    TalkError,
    NameRefused,
    NothingTyped,
    TicketError,
    StoreRefused,
    StoreUnavailable,
)


@app.command()
def check(source: str = Source, as_json: bool = AsJson, jsonl: bool = AsLines) -> None:
    """Check an offer for warning signs."""
    from bot.runtime import answers, show

    services = _services()
    _answer(source, as_json, jsonl, lambda text: answers.check(services, text), show.check)


@app.command()
def redact(
    source: str = Source,
    whose: str = typer.Option("own", "--as", help="own: a person's own words; offer: passed on; answer: about others."),
    as_json: bool = AsJson,
    jsonl: bool = AsLines,
) -> None:
    """Remove what identifies the writer, keep what identifies a suspect."""
    from bot.runtime import answers, show

    mode = answers.mode(whose)
    services = _services()
    _answer(source, as_json, jsonl, lambda text: answers.redact(services, text, mode), show.redaction)


@app.command()
def language(source: str = Source, as_json: bool = AsJson, jsonl: bool = AsLines) -> None:
    """Say in which language a text is written."""
    from bot.runtime import answers, show

    services = _services()
    _answer(source, as_json, jsonl, lambda text: answers.language(services, text), show.pairs)


@app.command()
def parse(source: str = Source, as_json: bool = AsJson, jsonl: bool = AsLines) -> None:
    """Say what the chat would understand from a message."""
    from bot.runtime import show

    settings = load()
    _train(settings, with_rasa=True)
    understand = _understanding(settings)
    _answer(source, as_json, jsonl, understand, show.pairs)


@app.command()
def train(as_json: bool = AsJson) -> None:
    """Build whatever is out of date: the vectors, the check's models, the assistant's model."""
    done = _train(load(), with_rasa=True)
    typer.echo(json.dumps(done) if as_json else "Trained." if any(done.values()) else "Nothing has changed.")


@app.command()
def up(smoke: bool = typer.Option(False, "--smoke", help="Start, do the main job once over HTTP, and stop.")) -> None:
    """Start the chat and the desk on this computer; what is out of date is trained first."""
    from bot.runtime import launch

    settings = load()
    refuse_unsafe(settings)
    _train(settings, with_rasa=True)
    raise typer.Exit(launch.smoke(settings) if smoke else launch.run(settings))


@app.command()
def serve(desk_alone: bool = typer.Option(False, "--desk", help="The desk's console instead of the chat.")) -> None:
    """Run the chat process alone, without training, or the desk's; `up` starts both."""
    settings = load()
    refuse_unsafe(settings)
    if desk_alone:
        from bot.desk.app import serve as run_desk

        run_desk(settings)
    else:
        from bot.runtime.launch import serve as run_server

        run_server(settings)


@app.command()
def evaluate(
    task: str = typer.Argument(..., help="offers, danger, language, intents or pii"),
    file: Optional[str] = typer.Argument(None, help="JSON Lines; without it, the project's own data."),
    as_json: bool = AsJson,
    baselines: bool = typer.Option(
        False, "--baselines", help="For offers: measure a keyword list and TF-IDF on the same rows, too."
    ),
) -> None:
    """Measure quality on labelled data and print a table."""
    from evaluation.tasks import run

    _train(load(), with_rasa=task == "intents")
    typer.echo(run(task, file, as_json=as_json, baselines=baselines))


@app.command()
def bench(name: str = typer.Argument(..., help="chat, check, desk or telegram"), as_json: bool = AsJson) -> None:
    """Measure speed and memory and print a table."""
    from evaluation.bench import run

    _train(load(), with_rasa=True)
    typer.echo(run(name, as_json=as_json))


@app.command()
def doctor(as_json: bool = AsJson) -> None:
    """Say whether this machine and its settings are fit to run, and what to do where they are not."""
    from bot.runtime.doctor import examine

    report = examine(load())
    typer.echo(json.dumps(report) if as_json else "\n".join(f"{name}: {found}" for name, found in report.items()))
    raise typer.Exit(0 if report["ok"] else 1)


def _answer(
    source: str,
    as_json: bool,
    jsonl: bool,
    answer: Callable[[str], dict[str, Any]],
    show: Callable[[dict[str, Any]], str],
) -> None:
    if jsonl:
        for record in each_line(source, answer):
            sys.stdout.write(json_line(record) + "\n")
            sys.stdout.flush()
        return
    found = {"id": None, **answer(text_from(source))}
    typer.echo(json_line(found) if as_json else show(found))


def _services() -> Any:
    """Train the check if need be, and return the services."""
    _train(load(), with_rasa=False)
    from bot.runtime.services import current

    return current()


def _understanding(settings: Settings) -> Callable[[str], dict[str, Any]]:
    from bot.runtime import understanding

    parser = understanding.Parser(settings)
    return lambda text: asyncio.run(parser.parse(text))


def _train(settings: Settings, *, with_rasa: bool) -> dict[str, bool]:
    from bot.runtime import models
    from bot.runtime.services import load_knowledge

    knowledge = load_knowledge()
    outdated = models.language_outdated(settings)
    # In a process of its own: it needs one core for as long as the others need theirs.
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        language = beside.submit(models.train_language, settings) if outdated else None
        done = {"language": outdated, "check": models.train_check(settings, knowledge, _progress)}
        if with_rasa:
            done["assistant"] = models.train_rasa(settings, _progress)
        if language is not None:
            _progress("languages", 0, 1)
            language.result()
            _progress("languages", 1, 1)
    return done


def _progress(step: str, done: int, total: int) -> None:
    bar = f" {100 * done // total} %" if total > 1 else ""
    end = "\n" if done >= total else "\r" if sys.stderr.isatty() else "\n"
    if total <= 1 or done >= total or sys.stderr.isatty():
        sys.stderr.write(f"training: {step}{bar}{'' if done < total else ' done'}{end}")
        sys.stderr.flush()


def _fail(message: str) -> NoReturn:
    sys.stderr.write(message.rstrip() + "\n")
    raise SystemExit(2)


def main() -> None:
    """Run the command line; expected errors become one plain line and exit code 2."""
    patches.silence()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except BrokenPipeError:
        raise SystemExit(0) from None
    except _EXPECTED as error:
        _fail(str(error))


if __name__ == "__main__":
    main()
