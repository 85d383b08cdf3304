"""Translating words of a ticket on its page."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import guard
from bot.desk.at_ticket import open_ticket
from bot.desk.guard import AtWork, Elsewhere, Refused, console
from bot.desk.translate.machine import TranslationTrouble, Translator
from bot.desk.translate.passages import ANSWER, Passage, passages
from bot.desk.translate.shown import DRAWER, kept_of, translated
from bot.reports.notes import Numbered

router = APIRouter()


@router.post("/tickets/{identifier}/translate")
async def translate(request: Request, identifier: str) -> Response:
    """Translate one passage of a ticket into the language of the page, beside the original."""
    work, parts = await guard.at_work(request), console(request)
    fields = await guard.sent(request, work.session)
    if parts.translator is None:
        raise Refused(404, "not_found")
    opened = await asyncio.to_thread(open_ticket, parts, work, identifier)
    name, language = fields.get("passage", ""), parts.pages.words(request).language
    found = passages(opened.content, await _letters(work, identifier, name)) if opened.content else {}
    if name not in found:
        raise Refused(400, "malformed")
    await asyncio.to_thread(work.desk.note, "translate", identifier)
    outcome = await _outcome(parts.translator, found[name], language)
    session = guard.found(request)
    if session.locked:
        # Meanwhile; a locked session keeps nothing.
        raise Elsewhere("/locked")
    kept = kept_of(session, identifier, language)
    kept["trouble"].pop(name, None)
    for kind, value in outcome.items():
        kept[kind][name] = value
    session.put(DRAWER, kept)
    if request.headers.get("hx-request") != "true":
        return guard.go(request, f"/tickets/{identifier}#translation-{name}")
    shown = translated(session, identifier, language, parts.translator)
    values = {"csrf": session.csrf, "translated": shown, "passage": name}
    return parts.pages.answer(request, "_translation.html", values)


async def _letters(work: AtWork, identifier: str, name: str) -> tuple[Numbered, ...]:
    """Return the letters of a ticket, which are opened only if one of them is asked for."""
    if not name.startswith(ANSWER):
        return ()
    return (await asyncio.to_thread(work.desk.talk.thread, identifier)).said


async def _outcome(translator: Translator, passage: Passage, language: str) -> dict[str, Any]:
    try:
        return {"done": list(await translator.translate(passage.texts, passage.language, language))}
    except TranslationTrouble as trouble:
        return {"trouble": trouble.code}
