"""A flood of reports edited from a few templates, and the real reports that it is meant to bury.

Templates and real texts are adverts of `evaluation/data/offers.jsonl`, no text in both. An edit replaces words, puts
words in between, draws other numbers and shuffles the sentences.
"""

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.reports.rating import rated
from bot.reports.ticket import Age, Basis, Identifier, Moment, Place, Stage, Ticket, When
from evaluation.records import read

REAL, TEMPLATES = 20, 50
EDITED = 0.15
"""Which part of a text's words an edit replaces, and to which part it adds one."""
_ADVERTS = 2
"""Adverts in a template: about fifty words."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_DIGIT = re.compile(r"\d")


def real(now: datetime) -> list[Ticket]:
    """Return reports in words of their own, two of each suspect, none urgent, none of a child."""
    phones = [Identifier(value=f"+38050{700_000 + number // 2:07}", type="phone") for number in range(REAL)]
    return [
        rated(
            Ticket(
                created=now - timedelta(hours=number + 1),
                offer=text,
                identifiers=(phone,),
                place=Place(country="DE"),
            )
        )
        for number, (text, phone) in enumerate(zip(_adverts()[:REAL], phones, strict=True))
    ]


def flood(count: int, now: datetime, chance: random.Random, *, loud: bool) -> Iterator[Ticket]:
    """Yield reports edited from templates.

    Args:
        count: how many.
        now: about when they come.
        chance: by which they are edited.
        loud: whether each claims to be complete, about a child, urgent for every reason, and names an identifier that
            others of the flood name too.
    """
    adverts = _adverts()[REAL:]
    templates = [" ".join(adverts[at * _ADVERTS : (at + 1) * _ADVERTS]) for at in range(TEMPLATES)]
    words = " ".join(adverts).split()
    like = _loud(now) if loud else Ticket(created=now)
    for number in range(count):
        said: dict[str, Any] = {"offer": edited(templates[number % TEMPLATES], words, chance)}
        if loud:
            said["identifiers"] = (Identifier(value=f"+38067{chance.randrange(500):07}", type="phone"),)
        yield like.copy(update={"created": now - timedelta(seconds=number), **said})


def _loud(now: datetime) -> Ticket:
    return rated(
        Ticket(
            created=now,
            age=Age.CHILD,
            place=Place(country="UA", words="Київ"),
            when=When(moment=Moment.NOW),
            stage=Stage.EXPLOITATION,
            basis_of_knowledge=Basis.HAPPENED_TO_ME,
            identifiers=(Identifier(value="+380670000000", type="phone"),),
            deadline=now.date(),
            methods_of_control=("WithholdsDocuments", "RestrictsMovement"),
        )
    )


def edited(text: str, words: list[str], chance: random.Random, share: float = EDITED) -> str:
    """Return a text edited with words of a list."""
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence]
    chance.shuffle(sentences)
    made: list[str] = []
    for word in " ".join(sentences).split():
        kept = _DIGIT.sub(lambda _: str(chance.randrange(10)), word)
        made.append(chance.choice(words) if chance.random() < share else kept)
        if chance.random() < share:
            made.append(chance.choice(words))
    return " ".join(made)


def _adverts() -> list[str]:
    texts = [row["text"] for row in read("offers", None)]
    random.Random(1).shuffle(texts)
    return texts
