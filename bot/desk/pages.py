"""The desk's pages: templates, texts, files by the hash of their content."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError, negotiate_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot import PROJECT_ROOT
from bot.desk.words import Words
from bot.language.texts import Texts, load_english

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_FALLBACK = "en"
DOMAIN = "desk"


class Pages:
    """Renders pages in the language that a browser asks for, as far as the desk's texts are translated."""

    def __init__(self, *, demo: bool, idle_seconds: float) -> None:
        locales = PROJECT_ROOT / "data" / "locales"
        self._texts = Texts({DOMAIN: load_english(PROJECT_ROOT / "data/texts/desk.yml")}, locales)
        self._languages = [_FALLBACK, *(path.parent.name for path in sorted(locales.glob(f"*/{DOMAIN}.po")))]
        self._always = {"demo": demo, "idle_seconds": int(idle_seconds), "asset": self._asset}
        self._versions = {
            path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in STATIC.rglob("*")
            if path.is_file()
        }
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def words(self, request: Request) -> Words:
        """Return the desk's texts in the language of a request."""
        return Words(self._texts, DOMAIN, self._language(request.headers.get("accept-language", "")))

    def answer(
        self, request: Request, template: str, values: dict[str, Any], status: int = 200, words: Sequence[str] = ()
    ) -> HTMLResponse:
        """Return a page. `words` are ids of texts to show on top, as what just happened."""
        texts = self.words(request)
        content = self._templates.get_template(template).render(
            **self._always,
            **values,
            t=texts,
            happened=[texts(word) for word in words],
            direction=Locale.parse(texts.language).text_direction,
        )
        return HTMLResponse(content, status, headers={"Vary": "Accept-Language"})

    def _asset(self, name: str) -> str:
        return f"/static/{name}?v={self._versions[name]}"

    def _language(self, accepted: str) -> str:
        wanted = [part.partition(";")[0].strip() for part in accepted.split(",") if part.strip()]
        try:
            return negotiate_locale(wanted, self._languages, sep="-") or _FALLBACK
        except (UnknownLocaleError, ValueError):
            return _FALLBACK
