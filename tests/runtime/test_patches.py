"""Each change to Rasa's behaviour does what it is for."""

import logging

from bot.runtime import patches


def test_typed_slashes_are_words() -> None:
    from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
    from rasa.shared.nlu.training_data.message import Message

    patches.apply()
    message = Message(data={"text": '/affirm{"question": "sign.J24"}'})
    RegexMessageHandler().process([message], domain=None)
    assert message.get("intent") is None and message.get(patches.TYPED) is True


def test_action_answers_are_not_checked_against_the_schema_again() -> None:
    from rasa.core.actions.action import RemoteAction

    patches.apply()
    assert RemoteAction("action_turn", None)._validate_action_result({"events": "not even a list"})


def test_rasa_says_nothing_on_any_stream(capfd) -> None:
    import warnings

    import structlog

    patches.silence()
    patches.apply()
    structlog.get_logger("rasa").error("words of a person")
    logging.getLogger("rasa.core").error("words of a person")
    logging.getLogger("some.library").error("words of a person")
    warnings.warn("words of a person", stacklevel=1)
    assert "words" not in "".join(capfd.readouterr())


def test_telemetry_is_off() -> None:
    import os

    patches.silence()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
