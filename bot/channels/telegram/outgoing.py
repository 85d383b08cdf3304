"""From replies of a session to messages of Telegram: plain text, and buttons with the session's opaque keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.splitting import split
from bot.language.texts import Texts

_LEVELS = {"high": "🔴", "elevated": "🟠", "not_enough": "❔", "none_found": "🔎"}
_SEVERITIES = {"H": "🔴", "M": "🟠", "L": "▫️"}
_MOST_QUOTES = 3
_LISTED_IN_A_ROW = 2
_SHORT_IN_A_ROW = 5
_SHORT = 6
"""Characters up to which titles share a row: the scissors of a preview."""
_MOST_BUTTONS = 100
"""Most buttons of one keyboard that apps show; the Bot API refuses larger ones."""

Rows = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Outgoing:
    """One message: its text, and rows of buttons as (title, key).

    `protected`: Telegram is to refuse passing it on. `receipt`: it holds a receipt code and goes by itself.
    """

    text: str
    rows: Rows = ()
    protected: bool = False
    receipt: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all its buttons."""
        return frozenset(key for row in self.rows for _, key in row)


def messages(reply: Mapping[str, Any], texts: Texts, language: str) -> list[Outgoing]:
    """Return a reply as messages, in order; its buttons are under the last.

    The text of a preview and of a receipt code is complete in itself, so that of their parts only the text is used.
    Both are for nobody else, and a slip of the finger must not forward them; every other card may be passed on.
    """
    parts = split(_text(reply, texts, language))
    rows, own = keyboard(reply.get("buttons", ())), "code" in reply
    return [*(Outgoing(part, (), own) for part in parts[:-1]), *(Outgoing(part, rows, own) for part in parts[-1:])]


def keyboard(buttons: Iterable[Mapping[str, Any]]) -> Rows:
    """Return buttons in rows: long lists in two columns, short titles beside each other, others one below another."""
    rows: list[list[tuple[str, str]]] = []
    width = 0
    for button in list(buttons)[:_MOST_BUTTONS]:
        title = str(button["title"])
        fits = _LISTED_IN_A_ROW if button.get("listed") else _SHORT_IN_A_ROW if len(title) <= _SHORT else 1
        if not rows or fits != width or len(rows[-1]) >= fits:
            rows.append([])
        width = fits
        rows[-1].append((title, str(button["payload"])))
    return tuple(tuple(row) for row in rows)


def _text(reply: Mapping[str, Any], texts: Texts, language: str) -> str:
    card = card_text(reply["check"], texts, language) if "check" in reply else ""
    parts = (card, str(reply.get("text") or ""), lines_text(reply.get("lines") or ()))
    return "\n\n".join(part for part in parts if part)


def card_text(check: Mapping[str, Any], texts: Texts, language: str) -> str:
    """Return the card of a check as text: level, signs with the words that show them and their source, questions."""
    signs = "\n\n".join(_sign(sign) for sign in check["signs"])
    parts = [
        f"{_LEVELS[check['level']]} {check['level_text'].upper()}",
        check["summary"],
        _headed(texts.get("page", "signs_title", language), signs),
        check["concern_text"] or "",
        _headed(check["missing_title"], _list(check["missing_text"])),
        _headed(texts.get("page", "questions_title", language), _list(q["text"] for q in check["questions"])),
        check["limits"],
        check.get("training", ""),
    ]
    return "\n\n".join(part for part in parts if part)


def _sign(sign: Mapping[str, Any]) -> str:
    quotes = [f"“{' '.join(evidence['text'].split())}”" for evidence in sign["evidence"][:_MOST_QUOTES]]
    shown = quotes or ([sign["confirmed_text"]] if sign["confirmed_text"] else [])
    heading = f"{_SEVERITIES[sign['severity']]} {sign['title']} ({sign['severity_text']})"
    return "\n".join([heading, *shown, sign["source_text"]])


def _headed(heading: str, content: str) -> str:
    return f"{heading.rstrip(':')}:\n{content}" if content else ""


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"• {item}" for item in items)


def lines_text(cards: Iterable[Mapping[str, Any]]) -> str:
    """Return help lines as text; apps make the numbers tappable."""
    return "\n".join(_line(card) for card in cards)


def _line(card: Mapping[str, Any]) -> str:
    notes = ", ".join(str(note) for note in (card.get("note"), card.get("hours")) if note)
    return f"📞 {card['name']}: {card['number']}" + (f" ({notes})" if notes else "")
