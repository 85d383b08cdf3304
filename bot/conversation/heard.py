"""In which language someone's own words are, and how much is known about that."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Optional


class Certainty(str, Enum):
    """What is known of a language.

    `SURE`: there is hardly a doubt. `SHORT`: hardly one, but there are few words. `LIKELY`: it is the
    likeliest by far. `READ_ONLY`: hardly a doubt, but the assistant only reads it. `UNKNOWN`: none that it reads.
    """

    SURE = "sure"
    SHORT = "short"
    LIKELY = "likely"
    READ_ONLY = "read_only"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Heard:
    """The likeliest language of someone's words, as a code.

    `nearest`: it is spoken here, and all others are far from the words, even if these look like none of them.
    """

    language: str
    certainty: Certainty
    nearest: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, which `heard_from` reads."""
        return {"language": self.language, "certainty": self.certainty.value, "nearest": self.nearest}


def heard_from(value: Optional[Mapping[str, Any]]) -> Optional[Heard]:
    """Return what `Heard.to_json` made, or None where there is nothing."""
    if not value:
        return None
    return Heard(value["language"], Certainty(value["certainty"]), value["nearest"])
