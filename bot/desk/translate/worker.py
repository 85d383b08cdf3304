"""One translation in a process of its own: reads an order, asks the provider through deep-translator, ends.

The order comes on standard input and the answer goes to standard output, both as JSON; nothing else is written.
"""

import json
import resource
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional
from urllib.parse import urlsplit

import requests
from deep_translator import DeeplTranslator, GoogleTranslator, LibreTranslator, MicrosoftTranslator
from deep_translator import exceptions as errors
from deep_translator.base import BaseTranslator
from deep_translator.constants import BASE_URLS

from bot.desk.translate.chunks import chunks
from bot.desk.translate.provider import is_near

_SECONDS = 20.0
"""How long one request may be silent."""
_BY_STATUS = {400: "refused", 403: "key", 413: "refused", 429: "busy"}
_FREE_DEEPL = ":fx"
"""How keys of DeepL's free plan end, which has an address of its own."""


class OutsideError(Exception):
    """An address was about to be reached that is none of the provider's."""


class StatusError(Exception):
    """The server answered with a status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class NearLibre(LibreTranslator):  # type: ignore[misc]
    """LibreTranslate by deep-translator's client, with the words in the body of the request.

    deep-translator puts them, and the key, into the address, which servers write to their logs; it waits for ever,
    follows redirects, insists on a key, and knows 17 languages, without Ukrainian and Romanian.
    """

    def __init__(self, url: str, key: Optional[str], source: str, target: str) -> None:
        BaseTranslator.__init__(
            self, base_url=url, source=source, target=target, languages={source: source, target: target}
        )
        self.api_key = key

    def translate(self, text: str, **kwargs: Any) -> str:
        """Return a text in the other language.

        Raises:
            StatusError, requests.RequestException, ValueError, KeyError: there is no translation.
        """
        order = {"q": text, "source": self._source, "target": self._target, "format": "text"}
        if self.api_key:
            order["api_key"] = self.api_key
        with requests.Session() as session:
            session.trust_env = False
            address = f"{self._base_url}/translate"
            answer = session.post(address, json=order, timeout=_SECONDS, allow_redirects=False)
        if answer.status_code != 200:
            raise StatusError(answer.status_code)
        found: str = answer.json()["translatedText"]
        return found


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Return the translated texts of an order, or which trouble there was."""
    source, target = order["source"], order["target"]
    if source in (None, target):
        source = _identified(" ".join(order["texts"]), Path(order["languages"]))
    if source == target:
        return {"trouble": "same"}
    try:
        translator, host = _translator(order, source, target)
        _reach_only(host, near=order["near"])
        return {"texts": [_translated(text, translator.translate) for text in order["texts"]]}
    except StatusError as error:
        return {"trouble": _BY_STATUS.get(error.status, "failed")}
    except OutsideError:
        return {"trouble": "outside_network"}
    except requests.Timeout:
        return {"trouble": "late"}
    except (requests.JSONDecodeError, KeyError, TypeError):
        return {"trouble": "failed"}
    except requests.RequestException:
        return {"trouble": "unreachable"}
    except errors.LanguageNotSupportedException:
        return {"trouble": "refused"}
    except errors.AuthorizationException:
        return {"trouble": "key"}
    except errors.TooManyRequests:
        return {"trouble": "busy"}


def _translator(order: dict[str, Any], source: str, target: str) -> tuple[BaseTranslator, str]:
    """Return deep-translator's client of the provider, and the only host that it needs."""
    name, key = order["provider"], order["key"]
    if name == "libretranslate":
        return NearLibre(order["url"], key, source, target), urlsplit(order["url"]).hostname or ""
    if name == "deepl":
        free = key.endswith(_FREE_DEEPL)
        made = DeeplTranslator(source, target, key, use_free_api=free)
        return made, _host("DEEPL_FREE" if free else "DEEPL")
    if name == "microsoft":
        host = _host("MICROSOFT_TRANSLATE")
        # It asks for the languages while it is made.
        _reach_only(host, near=False)
        return MicrosoftTranslator(source, target, key), host
    return GoogleTranslator(source, target), _host("GOOGLE_TRANSLATE")


def _host(provider: str) -> str:
    return urlsplit(BASE_URLS[provider]).hostname or ""


def _translated(text: str, translate: Callable[[str], str]) -> str:
    """Translate a text part by part; the blanks around a part stay as they are."""
    done = []
    for part in chunks(text):
        words = part.strip()
        before, _, after = part.partition(words) if words else (part, "", "")
        done.append(before + (_checked(translate(words)) if words else "") + after)
    return "".join(done)


def _checked(translated: object) -> str:
    if not isinstance(translated, str):
        raise TypeError
    return translated


def _reach_only(host: str, *, near: bool) -> None:
    """Let this process look up one name alone, and for a server of the site's own only near addresses of it.

    The library connects to what this returns, so a name cannot lead elsewhere between the check and the call.
    """
    resolve = socket.getaddrinfo

    def checked(name: Any, *rest: Any, **more: Any) -> Any:
        if name != host:
            raise OutsideError
        found = resolve(name, *rest, **more)
        if near and not all(is_near(str(address[4][0])) for address in found):
            raise OutsideError
        return found

    socket.getaddrinfo = checked  # type: ignore[assignment]


def _identified(text: str, model: Path) -> str:
    # Only where the ticket does not say it: the model takes a moment to load.
    from bot.language.identify import LanguageIdentifier, LanguageModel

    try:
        found = LanguageIdentifier(LanguageModel.load(model)).identify(text)
    except FileNotFoundError:
        return "auto"
    return found.language if found.supported else "auto"


def main() -> int:
    """Read one order and answer it."""
    # Words in memory never become a file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin.buffer))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
