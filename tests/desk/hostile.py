"""Words that try to act on a page, and a ticket that has them in every field that somebody else can fill."""

from datetime import datetime

from bot.reports.ticket import Age, Handling, Identifier, Place, ScreeningRow, Ticket, TicketSign, When
from tests.reports.tickets import ticket

PAYLOADS = {
    "script": '"><script>window.ran = 1</script>',
    "event": "<img src=x onerror=window.ran=2>",
    "attribute": "\" autofocus onfocus=window.ran=3 x=\"' onmouseover='window.ran=4",
    "address": "javascript:window.ran=5//https://evil.example/a",
    "link": '<a href="javascript:window.ran=6" target=_blank>here</a>',
    "data": "data:text/html,<script>window.ran=7</script>",
    "end of a field": "</textarea></blockquote></title></svg><svg onload=window.ran=8>",
    "template": "{{ 7 * 7 }}{% include 'login.html' %}${7*7}{0}{words}",
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "htmx": "<b hx-get=/ hx-trigger=load hx-on::load=window.ran=9>x</b>",
    "style": "<style>@import url(//evil.example/x.css)</style><link rel=stylesheet href=//evil.example/y.css>",
    "frame": "<iframe srcdoc='<script>parent.ran=10</script>'></iframe><form action=//evil.example>",
    "comment": "--><!--[if IE]><script>window.ran=11</script><![endif]",
    "bytes": "\x00<\x1b]8;;https://evil.example\x07\u202etpircs\u2066<script>",
}


def filled(words: str, created: datetime) -> Ticket:
    """A ticket with the same words wherever there may be any."""
    many = (words,)
    return ticket(
        created=created, age=Age.ADULT, gender=words, place=Place(country="DE", words=words), when=When(words=words),
        with_whom=words, language=words, narrative=words, offer=words, rules_version=words,
        recruitment_channels=many, recruitment_methods=many, recruiter_relation=words, methods_of_control=many,
        exploitation_types=many, sexual_exploitation_types=many, industry=words, ilo_class=words, recipients=many,
        not_to=many, not_to_kinds=many, level="high",
        identifiers=(
            Identifier(value=words, type=words, platform=words, platform_id=words, url=words, seen_at=created),
            Identifier(value=words, type="handle"), Identifier(value="+380501234567", type="phone"),
        ),
        signs=(TicketSign(id=words, title=words, severity="H", evidence=many),),
        answers=({"question": words, "text": words, "answer": words},),
        screening=(ScreeningRow(dimension=1, indicators=many, ilo_class=words, rests_on=many),),
        consent={"text_version": words}, handling=Handling(tlp=words, admiralty=words),
    )  # fmt: skip


def unfilled(model: object, words: str, where: str = "") -> list[str]:
    """The free texts of a ticket, or of a part of it, that do not hold the words."""
    found = []
    for name, field in model.__fields__.items():  # type: ignore[attr-defined]
        value = getattr(model, name)
        parts = value if isinstance(value, tuple) else (value,)
        if field.type_ is str and field.field_info.regex is None and name != "urgent_reasons":
            found += [] if any(words in (part or "") for part in parts) else [f"{where}{name}"]
        elif hasattr(field.type_, "__fields__"):
            found += unfilled(parts[0], words, f"{where}{name}.")
    return found
