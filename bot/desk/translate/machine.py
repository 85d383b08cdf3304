"""Asking for a translation, in a process of its own for each.

deep-translator's requests have no time-out, follow redirects and proxies, and put words into the messages of errors.
So they are made in a process that inherits nothing, can reach one host, says nothing but its answer, and is ended
when it takes too long.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from bot.desk.translate.provider import Provider

SECONDS = 30.0
"""How long a member waits at most."""
_AT_ONCE = 2
"""Each process takes about 60 MB, and a server of one's own works on few texts at a time."""
_TROUBLE = frozenset({"late", "unreachable", "outside_network", "key", "busy", "refused", "same", "failed"})
_ENVIRONMENT = {"NETRC": os.devnull, "NO_PROXY": "*", "LANG": "C.UTF-8"}


class TranslationTrouble(Exception):
    """There is no translation; `code` says why.

    One of `late`, `unreachable`, `outside_network`, `key`, `busy`, `refused`, `same` (the words are in that language
    already) and `failed`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Translator:
    """Translates by one provider.

    Args:
        provider: who translates.
        languages: where the model lies that tells languages apart, for texts whose language is not known.
        seconds: how long it may take.
    """

    def __init__(self, provider: Provider, languages: Path, seconds: float = SECONDS) -> None:
        self.provider = provider
        self._languages = languages
        self._seconds = seconds
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def translate(self, texts: Sequence[str], source: Optional[str], target: str) -> tuple[str, ...]:
        """Return texts in another language, one for each.

        Args:
            texts: what to translate.
            source: their language (ISO 639-1); None where it is not known.
            target: the language wanted.

        Raises:
            TranslationTrouble: there is no translation.
        """
        provider = self.provider
        order = {
            "provider": provider.name, "url": provider.url, "near": provider.near, "key": provider.key,
            "source": source, "target": target, "texts": list(texts), "languages": str(self._languages),
        }  # fmt: skip
        try:
            answer = await asyncio.wait_for(self._ask(json.dumps(order).encode("ascii")), self._seconds)
        except asyncio.TimeoutError:
            raise TranslationTrouble("late") from None
        return _texts(answer, len(texts))

    async def _ask(self, order: bytes) -> bytes:
        async with self._free:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", "bot.desk.translate.worker"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=_ENVIRONMENT,
            )
            try:
                answer, _ = await process.communicate(order)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            return answer


def _texts(answer: bytes, count: int) -> tuple[str, ...]:
    try:
        found = json.loads(answer)
    except ValueError:
        raise TranslationTrouble("failed") from None
    if "trouble" in found:
        raise TranslationTrouble(found["trouble"] if found["trouble"] in _TROUBLE else "failed")
    texts = tuple(found["texts"])
    if len(texts) != count:
        raise TranslationTrouble("failed")
    return texts
