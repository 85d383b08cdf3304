"""All changes to Rasa's behaviour, each with the reason and a test (`tests/runtime/test_patches.py`)."""

import logging
import os
import warnings
from collections.abc import Mapping
from typing import Any

TYPED = "typed"
"""Key in parse data: these words came from a keyboard, so a leading slash means nothing."""
_QUIET_LOGGERS = ("rasa", "rasa_sdk", "sanic", "apscheduler", "asyncio", "httpx", "httpcore", "telegram", "matplotlib")


def silence() -> None:
    """Keep people's words out of every log and stream. Must run before Rasa is imported.

    Rasa's structlog prints each message at DEBUG until configured; its loggers and Python warnings quote
    texts, too. What this project logs itself goes through the logger `oberih`, ids and codes only.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.showwarning = _say_nothing
    logging.lastResort = None
    for name in _QUIET_LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False


def _say_nothing(*arguments: Any, **options: Any) -> None:
    """Libraries reset the filters of `warnings`, so the printing itself is replaced."""


def apply() -> None:
    """Apply the changes below; safe to call twice."""
    _quiet_structlog()
    _typed_slashes_are_words()
    _trust_our_own_actions()


def _quiet_structlog() -> None:
    """Rasa's structlog prints whole messages to stdout unless configured first."""
    import structlog
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.CRITICAL)
    structlog.configure(processors=[_drop])


def _drop(logger: Any, method: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    import structlog

    raise structlog.DropEvent


def _typed_slashes_are_words() -> None:
    """`RegexMessageHandler` turns typed text like `/affirm` into an intent; only our buttons may do that.

    Buttons come with their parse data ready and never pass here; what does pass is marked as typed.
    """
    from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler

    def process(self: Any, messages: list[Any], domain: Any = None) -> list[Any]:
        for message in messages:
            message.set(TYPED, True, add_to_output=True)
        return messages

    RegexMessageHandler.process = process


def _trust_our_own_actions() -> None:
    """`RemoteAction` checks every answer against a large JSON schema (13 ms); ours come from this process."""
    from rasa.core.actions.action import RemoteAction

    RemoteAction._validate_action_result = lambda self, result: True
