"""The desk's pages: templates, texts, files by the hash of their content."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot import PROJECT_ROOT
from bot.desk import language
from bot.desk.words import SIGNS, Words
from bot.knowledge.languages import load_languages
from bot.knowledge.signs import load_signs
from bot.language.texts import Texts, load_english

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
DOMAIN = "desk"


class Pages:
    """Renders pages in the language that a member chose, else in the one that the browser asks for.

    Attributes:
        languages: codes and names of the languages that the desk's texts are translated into.
    """

    def __init__(self, *, demo: bool, idle_seconds: float) -> None:
        locales = PROJECT_ROOT / "data" / "locales"
        titles = {f"{sign.id}.title": sign.title for sign in load_signs(PROJECT_ROOT / "data").values()}
        self._texts = Texts({DOMAIN: load_english(PROJECT_ROOT / "data/texts/desk.yml"), SIGNS: titles}, locales)
        self.languages = {
            code: known.name
            for code, known in load_languages(PROJECT_ROOT / "data").items()
            if code == language.FALLBACK or (locales / code / f"{DOMAIN}.po").exists()
        }
        self._always = {
            "demo": demo,
            "idle_seconds": int(idle_seconds),
            "asset": self._asset,
            "languages": self.languages,
        }
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
        return Words(self._texts, DOMAIN, language.of(request, tuple(self.languages)))

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
            # Where an answer to a form or an error stands, there may be no page to come back to.
            here=request.url.path if request.method == "GET" and status < 400 else "/",
        )
        return HTMLResponse(content, status, headers={"Vary": "Accept-Language, Cookie"})

    def _asset(self, name: str) -> str:
        return f"/static/{name}?v={self._versions[name]}"
