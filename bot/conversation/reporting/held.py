"""What a conversation keeps of a receipt that was looked up, until the person is done with it."""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Optional

from bot.conversation.reporting.draft import Receipt
from bot.conversation.state import State

_SLOT = "receipt"


@dataclass(frozen=True)
class Held:
    """A report that was found by its receipt.

    Attributes:
        ticket, desk: the report and where it is.
        reporter: the public half of the receipt's key.
        held: withdrawing takes a day.
        spoken: salt and tag of its spoken word; empty where it has none.
        proven: the spoken word was given.
        question: number and words of the desk's last question; empty where there is none.
        then: what goes on once the spoken word was given: the id of a question of this flow.
        letter: the id under which the answer in `words` is sent, once.
    """

    ticket: str
    desk: str
    reporter: str
    held: bool
    spoken: tuple[str, ...] = field(default=(), repr=False)
    proven: bool = False
    question: tuple[int, str] = (0, "")
    then: str = ""
    letter: str = ""
    words: str = field(default="", repr=False)

    @property
    def needs_word(self) -> bool:
        """Whether the spoken word must be given first."""
        return bool(self.spoken) and not self.proven


def begin(state: State, receipt: Receipt) -> State:
    """Return the state that keeps a receipt's report."""
    asked = [(number, note.text) for number, note in receipt.notes if note.kind == "question"]
    question = asked[-1] if asked else (0, "")
    found = Held(
        receipt.ticket or "", receipt.desk, receipt.reporter, receipt.held, receipt.spoken or (), question=question
    )
    return keep(state, found)


def held_in(state: State) -> Optional[Held]:
    """Return what is kept, or None."""
    kept = (state.draft or {}).get(_SLOT)
    if not kept:
        return None
    values = {each.name: kept[each.name] for each in fields(Held)}
    number, text = values["question"]
    return Held(**{**values, "spoken": tuple(values["spoken"]), "question": (number, text)})


def keep(state: State, held: Optional[Held]) -> State:
    """Return the state with this kept, or with nothing of a receipt."""
    draft = {name: value for name, value in (state.draft or {}).items() if name != _SLOT}
    if held is not None:
        draft[_SLOT] = asdict(held)
    return replace(state, draft=draft or None)


def forgotten(state: State) -> State:
    """Return the state with nothing of a receipt, and nothing asked."""
    return keep(state, None).without_question()
