"""Training: the vectors of all phrases, the two models over them, and Rasa's own model."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot import PROJECT_ROOT
from bot.knowledge.files import read_yaml
from bot.language.embedding import E5Embedding, Vectors, embed_on_all_cores
from bot.offers import training as offer_training
from bot.safety import training as danger_training
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.runtime.services import Knowledge

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, how much of it is done, and how much there is."""

_RASA_SOURCES = ("config.yml", "domain.yml", "data/nlu", "data/stories.yml", "bot/components", "policies")


def offers_path(settings: Settings) -> Path:
    """Where the offer model lies."""
    return settings.model_folder / "offers.npz"


def danger_path(settings: Settings) -> Path:
    """Where the danger model lies."""
    return settings.model_folder / "danger.npz"


def phrases_path(settings: Settings) -> Path:
    """Where the vectors of our own phrases lie."""
    return settings.model_folder / "phrases.npz"


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
    vectors = PhraseVectors(phrases_path(settings))
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


class PhraseVectors:
    """The vectors of our own phrases, kept on disk by the hash of their text, so that each is embedded once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Vectors] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as stored:
                self._known = dict(zip(stored["hashes"].tolist(), stored["vectors"], strict=True))

    def of(self, texts: Sequence[str], progress: Progress) -> Vectors:
        """Return the vectors of these texts in order, embedding and keeping those not yet known."""
        hashes = [_hash(text) for text in texts]
        missing = [(h, t) for h, t in dict(zip(hashes, texts, strict=True)).items() if h not in self._known]
        if missing:
            self._embed(missing, progress)
            self._save()
        return np.stack([self._known[h] for h in hashes])

    def _embed(self, missing: Sequence[tuple[str, str]], progress: Progress) -> None:
        embedding, batch = E5Embedding(), 256
        for at in range(0, len(missing), batch):
            progress("phrases", at, len(missing))
            part = missing[at : at + batch]
            vectors = embed_on_all_cores(embedding, [text for _, text in part], batch=32)
            self._known.update(zip((h for h, _ in part), vectors, strict=True))
        progress("phrases", len(missing), len(missing))

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._path, hashes=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))


def _harmless(knowledge: "Knowledge") -> list[str]:
    """Texts without danger: short messages of the assistant's intents, and everyday talk."""
    texts: list[str] = []
    for path in sorted((PROJECT_ROOT / "data" / "nlu").glob("*.yml")):
        for intent in read_yaml(path)["nlu"]:
            if intent["intent"] != "help":
                texts += [line.removeprefix("- ").strip() for line in intent["examples"].splitlines()]
    for language in knowledge.catalogue.languages.values():
        texts += [*language.other, *language.seeking, *language.ordinary.get("transport", ())]  # type: ignore[call-overload]
    return [text for text in texts if text]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _stamped(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def _digest_of_files(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py")) if path.is_dir() else [path]
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
