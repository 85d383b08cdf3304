"""The ILO operational indicators (WCMS_105023): six dimensions, and how much each indicator weighs."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Optional

from pydantic import Field

from bot.knowledge.files import Knowledge, KnowledgeError, read


class Weight(str, Enum):
    """How much an indicator weighs in its dimension."""

    STRONG = "S"
    MEDIUM = "M"
    WEAK = "W"


class Profile(Knowledge):
    """One of the four lists, by age and kind of exploitation; a copied one names what differs."""

    child: bool
    copy_of: Optional[str] = None
    overrides: dict[str, Weight] = {}


class Indicator(Knowledge):
    """One indicator; `weights` by profile, without the profiles that lack it, `doubt` if sources disagree."""

    id: str = Field(regex=r"^D[1-6]\.\d+$")
    dimension: int = Field(ge=1, le=6)
    title: str
    weights: dict[str, Weight]
    doubt: Optional[str] = None


class IndicatorFile(Knowledge):
    """The file `data/indicators/indicators.yml`; its `weights` says whether anyone checked the weights."""

    source: str
    source_url: str
    weights: str = Field(regex="^(unverified|verified)$")
    rules_version: str
    review_due: date
    dimensions: dict[int, str]
    profiles: dict[str, Profile]
    indicators: tuple[Indicator, ...]


class IndicatorCatalogue(Knowledge):
    """All indicators by id, with their weights in all four profiles, and the titles of the dimensions."""

    source: str
    source_url: str
    weights: str
    rules_version: str
    review_due: date
    dimensions: dict[int, str]
    profiles: dict[str, Profile]
    indicators: dict[str, Indicator]

    def profile(self, name: str) -> Profile:
        """Return a profile.

        Raises:
            ValueError: there is no such profile.
        """
        if name not in self.profiles:
            raise ValueError(f"There is no profile {name}. Choose one of: {', '.join(self.profiles)}.")
        return self.profiles[name]

    def weights_in(self, profile: str) -> Mapping[str, Weight]:
        """Return the weight of each indicator that a profile has.

        Raises:
            ValueError: there is no such profile.
        """
        self.profile(profile)
        return {name: found.weights[profile] for name, found in self.indicators.items() if profile in found.weights}


def load_indicators(data: Path) -> IndicatorCatalogue:
    """Read `data/indicators/indicators.yml` and fill in the profiles that are copies.

    Raises:
        KnowledgeError: the file is missing or does not fit, or names what it does not define.
    """
    path = data / "indicators" / "indicators.yml"
    file = read(path, IndicatorFile)
    _check(path, file)
    return IndicatorCatalogue(
        **file.dict(exclude={"indicators", "profiles"}),
        profiles=file.profiles,
        indicators={one.id: one.copy(update={"weights": _all_weights(one, file.profiles)}) for one in file.indicators},
    )


def _all_weights(indicator: Indicator, profiles: Mapping[str, Profile]) -> dict[str, Weight]:
    weights = dict(indicator.weights)
    for name, profile in profiles.items():
        found = profile.overrides.get(indicator.id) or weights.get(profile.copy_of or name)
        if found:
            weights[name] = found
    return weights


def _check(path: Path, file: IndicatorFile) -> None:
    ids = [indicator.id for indicator in file.indicators]
    if len(set(ids)) < len(ids):
        raise KnowledgeError(f"{path} defines an indicator twice.")
    for indicator in file.indicators:
        if not indicator.id.startswith(f"D{indicator.dimension}.") or indicator.dimension not in file.dimensions:
            raise KnowledgeError(f"{path}: {indicator.id} does not belong to dimension {indicator.dimension}.")
        for name in indicator.weights:
            if name not in file.profiles or file.profiles[name].copy_of:
                raise KnowledgeError(f"{path}: {indicator.id} weighs in {name}, which is no list of its own.")
    for name, profile in file.profiles.items():
        original = profile.copy_of
        if original and (original not in file.profiles or file.profiles[original].copy_of):
            raise KnowledgeError(f"{path}: {name} copies {original}, which is no list of its own.")
        for named in set(profile.overrides) - set(ids):
            raise KnowledgeError(f"{path}: {name} changes {named}, which does not exist.")
