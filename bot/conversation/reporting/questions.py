"""The questions of a report, and which comes next.

A question's id is `report.` and the field of the ticket it fills; its words are the text `<id>.ask`, and
each choice is the text `<id>.<code>`, which the preview uses too. Every question can be skipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

PREFIX = "report."
UNKNOWN = frozenset({"skip", "dont_know"})


@dataclass(frozen=True)
class Question:
    """One question: choices by code, a country of the directory, or free words."""

    id: str
    choices: tuple[str, ...] = ()
    country: bool = False
    free: bool = False
    dont_know: bool = True


SAFE, SHARED, ABOUT, COUNTRY, WRITER, AGE = (
    PREFIX + name for name in ("safe", "shared", "about_whom", "place.country", "writer", "age")
)
MOMENT, DEADLINE, STAGE = (PREFIX + name for name in ("when.moment", "deadline", "stage"))
PLACE_WORDS, WHO, NARRATIVE = (PREFIX + name for name in ("place.words", "who", "narrative"))
POLICE, STAFF, STATISTICS, BASIS = (PREFIX + name for name in ("police", "staff", "statistics", "basis_of_knowledge"))
PEOPLE, WITH_WHOM = PREFIX + "people_now", PREFIX + "with_whom"
PREVIEW, MORE, WORD = PREFIX + "preview", PREFIX + "more", PREFIX + "word"

QUESTIONS = {
    question.id: question
    for question in (
        Question(SAFE, ("yes", "not_sure", "no"), dont_know=False),
        Question(SHARED, ("yes", "no")),
        Question(ABOUT, ("me", "someone_i_know", "someone_else", "offer_only"), dont_know=False),
        Question(COUNTRY, country=True),
        Question(WRITER, country=True, dont_know=False),
        Question(AGE, ("adult", "child", "unsure"), dont_know=False),
        Question(PLACE_WORDS, free=True),
        Question(MOMENT, ("now", "leaving", "past")),
        Question(DEADLINE, ("today", "tomorrow", "three_days", "later")),
        Question(WHO, free=True),
        Question(STAGE, ("recruitment", "transit", "exploitation")),
        Question(BASIS, ("happened_to_me", "saw", "was_told", "online"), dont_know=False),
        Question(PEOPLE, ("1", "2-5", "6+")),
        Question(WITH_WHOM, ("nobody", "relative", "known_adult", "stranger", "other_children")),
        Question(NARRATIVE, free=True, dont_know=False),
        Question(POLICE, ("yes", "no"), dont_know=False),
        Question(STAFF, ("no", "police", "border", "aid", "shelter")),
        Question(STATISTICS, ("yes", "no"), dont_know=False),
    )
}
_PERSON = frozenset({"me", "someone_i_know", "someone_else"})
_ELSEWHERE = frozenset({"someone_i_know", "someone_else"})
_FIRST = (SAFE, SHARED, ABOUT, COUNTRY, WRITER, AGE)
_CHILD = (MOMENT, PEOPLE, WITH_WHOM, STAFF, STATISTICS)
_REPORT = (PLACE_WORDS, MOMENT, DEADLINE, WHO, STAGE, BASIS, NARRATIVE, POLICE, STAFF, STATISTICS)


def is_about_a_child(answers: Mapping[str, str]) -> bool:
    """Say whether the person concerned is, or may be, under 18."""
    return answers.get(AGE) in ("child", "unsure")


def next_question(answers: Mapping[str, str]) -> Optional[Question]:
    """Return the first question that has no answer and applies, or None: the preview is next."""
    following = _CHILD if is_about_a_child(answers) else _REPORT
    for identifier in (*_FIRST, *following):
        if identifier not in answers and _applies(identifier, answers):
            return QUESTIONS[identifier]
    return None


def _applies(identifier: str, answers: Mapping[str, str]) -> bool:
    """Age is asked about a person, never about an offer; where the writer is, only if that is elsewhere."""
    about = answers.get(ABOUT)
    if identifier == AGE:
        return about in _PERSON
    if identifier == WRITER:
        return about in _ELSEWHERE
    if identifier == DEADLINE:
        return answers.get(MOMENT) == "leaving"
    return True
