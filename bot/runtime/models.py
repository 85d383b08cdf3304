"""Training: the vectors of all phrases, the two models over them, and Rasa's own model."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import PROJECT_ROOT
from bot.knowledge.languages import load_language_file
from bot.knowledge.messages import example_messages
from bot.knowledge.signs import Catalogue
from bot.knowledge.transliterations import load_transliterations
from bot.language.fold import fold
from bot.language.word_lists import UNCOUNTED
from bot.offers import training as offer_training
from bot.runtime.phrases import PhraseVectors, Progress
from bot.safety import training as danger_training
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.runtime.services import Knowledge

_LANGUAGE_SOURCES = (
    "data/languages.yml", "data/transliterations.yml", "bot/language/grams.py", "bot/language/word_lists.py",
    "bot/language/identify.py", "bot/language/identify_training.py", "uv.lock",
    *(f"data/{folder}/{code}.yml" for code in UNCOUNTED for folder in ("signs/examples", "danger", "nlu")),
)  # fmt: skip
_SIGN_SOURCES = (
    "bot/language/fold.py", "bot/language/linear.py", "bot/language/network.py", "bot/offers/training.py",
)  # fmt: skip
_DANGER_SOURCES = (
    "bot/language/fold.py", "bot/language/grams.py", "bot/language/linear.py", "bot/language/network.py",
    "bot/language/spelling.py", "bot/safety/training.py",
)  # fmt: skip
_RASA_SOURCES = ("config.yml", "domain.yml", "data/nlu", "data/stories.yml", "bot/components", "policies")


def offers_path(settings: Settings) -> Path:
    """Where the offer model lies."""
    return settings.model_folder / "offers.npz"


def danger_path(settings: Settings) -> Path:
    """Where the danger model lies."""
    return settings.model_folder / "danger.npz"


def language_path(settings: Settings) -> Path:
    """Where the model that tells languages apart lies."""
    return settings.model_folder / "language.npz"


def phrase_vectors(settings: Settings) -> PhraseVectors:
    """Return the vectors of our own phrases, those of the project and those made on this machine."""
    return PhraseVectors(settings.model_folder / "phrases.npz", PROJECT_ROOT / "data" / "vectors")


def rasa_path(settings: Settings) -> Path:
    """Where Rasa's model lies."""
    return settings.model_folder / "rasa.tar.gz"


def train_check(settings: Settings, knowledge: "Knowledge", progress: Progress) -> bool:
    """Bring the offer and danger models up to date; return whether anything was to do."""
    signs = _train_signs(settings, knowledge, progress)
    danger = _train_danger(settings, knowledge, progress)
    return signs or danger


def _train_signs(settings: Settings, knowledge: "Knowledge", progress: Progress) -> bool:
    if signs_trained(settings, knowledge.catalogue):
        return False
    path, messages = offers_path(settings), _talk()
    material = offer_training.examples(knowledge.catalogue) + offer_training.talk(messages)
    vectors = phrase_vectors(settings).of([example.text for example in material], progress)
    progress("signs", 0, 1)
    offer_training.train(knowledge.catalogue, material, vectors).save(path)
    progress("signs", 1, 1)
    signs_stamp(settings).write_text(_signs_digest(knowledge.catalogue))
    return True


def signs_trained(settings: Settings, catalogue: Catalogue) -> bool:
    """Say whether the offer model that lies there was made from the wording of these signs."""
    return _stamped(signs_stamp(settings), _signs_digest(catalogue)) and offers_path(settings).exists()


def signs_stamp(settings: Settings) -> Path:
    """Where it is noted what the offer model was made from; written after the model."""
    return settings.model_folder / "offers.stamp"


def _signs_digest(catalogue: Catalogue) -> str:
    told = hashlib.sha256(repr(_talk()).encode()).hexdigest()
    return f"{_code_of(_SIGN_SOURCES)} {offer_training.fingerprint(catalogue)} {told}"


def _talk() -> list[tuple[str, str]]:
    """Return short messages to the assistant, each with its language; those that ask for help may tell of signs."""
    return [(code, words) for code, intent, words in example_messages(PROJECT_ROOT / "data") if intent != "help"]


def _train_danger(settings: Settings, knowledge: "Knowledge", progress: Progress) -> bool:
    stamp, path = settings.model_folder / "danger.stamp", danger_path(settings)
    material = danger_training.examples(knowledge.danger, _harmless(knowledge))
    digest = f"{_code_of(_DANGER_SOURCES)} {hashlib.sha256(repr(material).encode()).hexdigest()}"
    if _stamped(stamp, digest) and path.exists():
        return False
    vectors = phrase_vectors(settings).of([example.text for example in material], progress)
    progress("danger", 0, 1)
    danger_training.train(material, vectors).save(path)
    progress("danger", 1, 1)
    stamp.write_text(digest)
    return True


def language_outdated(settings: Settings) -> bool:
    """Say whether the model that tells languages apart has to be trained."""
    stamp = settings.model_folder / "language.stamp"
    return not (_stamped(stamp, _language_digest()) and language_path(settings).exists())


def train_language(settings: Settings) -> None:
    """Train the model that tells languages apart; takes half a minute of one core."""
    from bot.language.identify_training import train
    from bot.runtime.services import load_knowledge

    data, own = PROJECT_ROOT / "data", phrases_by_language(load_knowledge())
    uncounted = {code: sorted(own[code]) for code in UNCOUNTED}
    train(load_language_file(data), load_transliterations(data), uncounted).save(language_path(settings))
    (settings.model_folder / "language.stamp").write_text(_language_digest())


def _language_digest() -> str:
    # By files: every command asks for it, and reading our own texts out of them takes a second.
    return _digest_of_files([PROJECT_ROOT / source for source in _LANGUAGE_SOURCES])


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
    texts: dict[str, set[str]] = {code: set() for code in knowledge.read_languages}
    for offer in offer_training.examples(knowledge.catalogue):
        texts[offer.language].add(offer.text)
    for code, language in knowledge.danger.items():
        texts[code].update(example.text for example in danger_training.examples({code: language}, ()))
    for code, _, example in example_messages(PROJECT_ROOT / "data"):
        texts[code].add(fold(example).text)
    return texts


def _harmless(knowledge: "Knowledge") -> list[str]:
    """Texts without danger: short messages of the assistant's intents, everyday talk and ordinary offers."""
    texts = [example for _, intent, example in example_messages(PROJECT_ROOT / "data") if intent != "help"]
    for language in knowledge.catalogue.languages.values():
        texts += [*language.other, *language.seeking, *(text for kind in language.ordinary.values() for text in kind)]
    return [text for text in texts if text]


def _code_of(sources: Sequence[str]) -> str:
    return _digest_of_files([PROJECT_ROOT / source for source in sources])


def _stamped(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def _digest_of_files(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py")) if path.is_dir() else [path]
        for file in files:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
