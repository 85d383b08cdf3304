"""How people type a language with Latin letters."""

from pathlib import Path

from bot.knowledge.files import Knowledge, read


class Scheme(Knowledge):
    """One way of typing: what each pair of letters, or else each letter, becomes; others stay as they are."""

    name: str
    pairs: dict[str, str] = {}
    letters: dict[str, str]

    def of(self, word: str) -> str:
        """Return a word, in lower case, typed in this way."""
        for pair, typed in self.pairs.items():
            word = word.replace(pair, typed)
        return "".join(self.letters.get(letter, letter) for letter in word)


class Transliterations(Knowledge):
    """The file `data/transliterations.yml`: schemes by the code of the language.

    `likelier`: how much likelier a language is in Latin letters than its word lists say, as a logarithm.
    """

    likelier: dict[str, float]
    languages: dict[str, tuple[Scheme, ...]]


def load_transliterations(data: Path) -> Transliterations:
    """Return how languages are typed with Latin letters.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return read(data / "transliterations.yml", Transliterations)
