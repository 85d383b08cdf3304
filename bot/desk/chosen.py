"""What a session remembers between its pages: what the queue shows, and what just happened. Sealed with the rest."""

from bot.desk.queue_view import Choice
from bot.desk.sessions import Session

_CHOICE, _HAPPENED = "choice", "happened"


def choice(session: Session) -> Choice:
    """Return what a member last chose to see."""
    return Choice(**session.get(_CHOICE)) if session.holds(_CHOICE) else Choice()


def choose(session: Session, choice: Choice) -> None:
    """Remember what a member chose to see."""
    session.put(_CHOICE, choice.plain())


def say(session: Session, *happened: str) -> None:
    """Keep ids of texts that say what just happened, for the next page."""
    session.put(_HAPPENED, happened)


def said(session: Session) -> list[str]:
    """Return what just happened, once."""
    happened: list[str] = session.get(_HAPPENED) if session.holds(_HAPPENED) else []
    session.drop(_HAPPENED)
    return happened
