"""The chat page: one HTML template, one style sheet, one script, all from this server."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Optional

from babel import Locale, UnknownLocaleError, negotiate_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.languages import Language
from bot.language.texts import Texts

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_FALLBACK = "en"


class Page:
    """Renders the page in a language; built once. `telegram_bot` is the public name of the only bot that is ours."""

    def __init__(self, texts: Texts, languages: Mapping[str, Language], *, demo: bool, exit_url: str) -> None:
        self._texts = texts
        self._languages = languages
        self._demo = demo
        self._exit_url = exit_url
        self.telegram_bot: Optional[str] = None
        environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._template = environment.get_template("page.html")
        self._versions = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}

    def render(self, language: str) -> str:
        """Return the page's HTML."""
        return self._template.render(
            texts=self._texts.all_of("page", language),
            language=language,
            dir=Locale.parse(language).text_direction,
            languages=[{"code": entry.code, "name": entry.name} for entry in self._languages.values()],
            demo=self._demo,
            exit_url=self._exit_url,
            telegram_bot=self.telegram_bot,
            asset=lambda name: f"/static/{name}?v={self._versions[name]}",
        )

    def language_of(self, accept_language: str) -> str:
        """Return the best language for an Accept-Language header."""
        wanted = [part.partition(";")[0].strip() for part in accept_language.split(",") if part.strip()]
        try:
            found = negotiate_locale(wanted, list(self._languages), sep="-")
        except (UnknownLocaleError, ValueError):
            found = None
        return found or _FALLBACK
