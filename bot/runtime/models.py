"""Training: the vectors of all phrases, the two models over them, and Rasa's own model."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import PROJECT_ROOT
from bot.knowledge.messages import example_messages
from bot.language.fold import fold
from bot.offers import training as offer_training
from bot.runtime.phrases import PhraseVectors, Progress
from bot.safety import training as danger_training
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.runtime.services import Knowledge

_RASA_SOURCES = ("config.yml", "domain.yml", "data/nlu", "data/stories.yml", "bot/components", "policies")


def offers_path(settings: Settings) -> Path:
    """Where the offer model lies."""
    return settings.model_folder / "offers.npz"


def danger_path(settings: Settings) -> Path:
    """Where the danger model lies."""
    return settings.model_folder / "danger.npz"


def phrase_vectors(settings: Settings) -> PhraseVectors:
    """Return the vectors of our own phrases, those of the project and those made on this machine."""
    return PhraseVectors(settings.model_folder / "phrases.npz", PROJECT_ROOT / "data" / "vectors")


def rasa_path(settings: Settings) -> Path:
    """Where Rasa's model lies."""
    return settings.model_folder / "rasa.tar.gz"


def train_check(settings: Settings, knowledge: "Knowledge", progress: Progress) -> bool:
    """Bring the offer and danger models up to date; return whether anything was to do."""
    offers = offer_training.examples(knowledge.catalogue)
    danger = danger_training.examples(knowledge.danger, _harmless(knowledge))
    digest = hashlib.sha256()
    digest.update(offer_training.fingerprint(knowledge.catalogue).encode())
    digest.update(repr(danger).encode())
    stamp = settings.model_folder / "check.stamp"
    paths = (offers_path(settings), danger_path(settings))
    if _stamped(stamp, digest.hexdigest()) and all(path.exists() for path in paths):
        return False
    vectors = phrase_vectors(settings)
    found = vectors.of([e.text for e in offers] + [e.text for e in danger], progress)
    progress("signs", 0, 1)
    offer_training.train(knowledge.catalogue, offers, found[: len(offers)]).save(offers_path(settings))
    progress("danger", 0, 1)
    danger_training.train(danger, found[len(offers) :]).save(danger_path(settings))
    progress("danger", 1, 1)
    stamp.write_text(digest.hexdigest())
    return True


def train_rasa(settings: Settings, progress: Progress, root: Path = PROJECT_ROOT) -> bool:
    """Bring Rasa's model up to date; return whether anything was to do."""
    digest = _digest_of_files([root / source for source in _RASA_SOURCES])
    stamp = settings.model_folder / "rasa.stamp"
    if _stamped(stamp, digest) and rasa_path(settings).exists():
        return False
    progress("assistant", 0, 1)
    from bot.runtime.rasa_training import train

    train(root, rasa_path(settings))
    stamp.write_text(digest)
    progress("assistant", 1, 1)
    return True


def phrases_by_language(knowledge: "Knowledge") -> Mapping[str, set[str]]:
    """Return every text whose vector training asks for, by the language it is written in."""
    texts: dict[str, set[str]] = {code: set() for code in knowledge.languages}
    for offer in offer_training.examples(knowledge.catalogue):
        texts[offer.language].add(offer.text)
    for code, language in knowledge.danger.items():
        texts[code].update(example.text for example in danger_training.examples({code: language}, ()))
    for code, _, example in example_messages(PROJECT_ROOT / "data"):
        texts[code].add(fold(example).text)
    return texts


def _harmless(knowledge: "Knowledge") -> list[str]:
    """Texts without danger: short messages of the assistant's intents, and everyday talk."""
    texts = [example for _, intent, example in example_messages(PROJECT_ROOT / "data") if intent != "help"]
    for language in knowledge.catalogue.languages.values():
        texts += [*language.other, *language.seeking, *language.ordinary.get("transport", ())]  # type: ignore[call-overload]
    return [text for text in texts if text]


def _stamped(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def _digest_of_files(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py")) if path.is_dir() else [path]
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
