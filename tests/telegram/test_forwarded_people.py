"""Invariant 6 in Telegram: who is behind a forward or a card reaches a desk only if it was put in; the sender never.

Whole reports over the fake Bot API, opened by the training desk.
"""

import logging

import pytest

from bot.reports.ticket import Obtained, to_bytes
from evaluation.botapi import from_channel, from_hidden, from_user
from tests.reporting import ANSWERS, tickets_of
from tests.telegram.channel import OFFER, channel_on, until

ORIGIN, CARD = "who wrote what you passed on", "from the contact card"


@pytest.fixture
async def channel(server, chat):
    async with channel_on(server, chat) as channel:
        yield channel


class Reporter:
    """Somebody in Telegram who answers a whole report by buttons."""

    def __init__(self, server, channel, **details) -> None:
        details = {"first_name": "Олена", "last_name": "Петренко", "username": "olena_p", **details}
        self.person = server.person(details.pop("first_name"), language_code="en", **details)
        self.server, self.channel = server, channel

    @property
    def session(self):
        room = self.channel.rooms.find(self.person.user.id)
        return self.channel._sessions.find(room.session) if room else None

    async def answered(self):
        """Wait until all that was done is answered; return the newest message with buttons."""
        await until(lambda: not self.server.unconfirmed, within=15)
        return [message for message in self.person.chat if message.buttons and message.from_bot][-1]

    async def offers(self, send) -> None:
        send(self.person)
        await self.answered()

    async def to_preview(self, **changed: str):
        self.person.types("/report")
        shown = await self.answered()
        given = {**ANSWERS, **{f"report.{name}": code for name, code in changed.items()}}
        while (asked := self.session.slots["asked"]) != "report.preview":
            wanted = [f'/affirm{{"question": "{asked}", "value": "{given.get(asked)}"}}',
                      f'/skip{{"question": "{asked}"}}']  # fmt: skip
            keys = {payload: key for key, payload in self.session.buttons.items()}
            self.person.presses(next(keys[payload] for payload in wanted if payload in keys))
            shown = await self.answered()
        return shown

    async def presses(self, title: str):
        self.person.presses(title)
        return await self.answered()


def row(shown, words: str) -> str:
    """The line of a preview that holds these words."""
    [found] = [line for line in shown.text.splitlines() if words in line]
    return found


def number(line: str) -> str:
    return line.split(".")[0]


@pytest.fixture
def sealed(passphrase):
    """What has been sent since: the text of the one new ticket, and the ticket."""
    before = set(tickets_of(passphrase))

    async def read():
        await until(lambda: set(tickets_of(passphrase)) - before)
        [ticket] = [content for name, content in tickets_of(passphrase).items() if name not in before]
        return to_bytes(ticket).decode(), ticket

    return read


@pytest.mark.parametrize(
    "send",
    [
        lambda p: p.forwards(OFFER, from_user(p.user)),
        lambda p: p.forwards(OFFER, from_hidden("Олена Петренко")),
        lambda p: (p.types(OFFER), p.shares_contact("+380671112233", "Олена")),
        lambda p: (p.shares_contact("+380671112233", "Олена Петренко", own=False), p.types(OFFER)),
    ],
)
async def test_nothing_of_the_sender_is_in_session_log_or_ticket(server, channel, sealed, caplog, send) -> None:
    caplog.set_level(logging.DEBUG)
    reporter = Reporter(server, channel)
    mine = ("Петренко", "Олена", "olena_p", "671112233", str(reporter.person.user.id))
    await reporter.offers(send)
    shown = await reporter.to_preview()
    assert "➕" not in " ".join(button.text for button in shown.buttons)
    held = repr((reporter.session.slots, list(reporter.session.texts), list(reporter.session.replies)))
    await reporter.presses("📨 Send this")
    text, _ = await sealed()
    logged = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp"))
    for word in mine:
        assert word not in held and word not in text and word not in logged


async def test_a_friends_forward_stays_out_unless_it_is_put_in(server, channel, sealed) -> None:
    reporter, friend = Reporter(server, channel), server.person("Марія", username="marijka", language_code="uk")
    await reporter.offers(lambda p: p.forwards(OFFER, from_user(friend.user)))
    shown = await reporter.to_preview()
    assert ORIGIN in row(shown, "@marijka") and ORIGIN in row(shown, "Марія")
    assert any("stays out of the report" in text for text in reporter.person.texts)
    await reporter.presses("📨 Send this")
    text, _ = await sealed()
    assert "marijka" not in text and "Марія" not in text and str(friend.user.id) not in text


async def test_a_hidden_name_is_left_out_like_the_others(server, channel, sealed) -> None:
    reporter = Reporter(server, channel)
    await reporter.offers(lambda p: p.forwards(OFFER, from_hidden("Марія К")))
    assert ORIGIN in row(await reporter.to_preview(), "Марія К")
    await reporter.presses("📨 Send this")
    assert "Марія" not in (await sealed())[0]


async def test_what_is_put_in_is_an_identifier_of_the_ticket_and_nothing_else_is(server, channel, sealed) -> None:
    reporter, recruiter = Reporter(server, channel), server.person("Ігор", username="igor_robota")
    await reporter.offers(lambda p: p.forwards(OFFER, from_user(recruiter.user)))
    shown = await reporter.to_preview()
    shown = await reporter.presses(f"➕ {number(row(shown, '@igor_robota'))}")
    assert ORIGIN not in row(shown, "@igor_robota") and ORIGIN in row(shown, "Ігор")
    await reporter.presses("📨 Send this")
    text, ticket = await sealed()
    [found] = [item for item in ticket.identifiers if item.value == "@igor_robota"]
    assert (found.type, found.platform, found.platform_id) == ("handle", "telegram", str(recruiter.user.id))
    assert found.obtained is Obtained.FORWARDED and "Ігор" not in text


async def test_a_line_that_was_put_in_can_be_struck_and_undone(server, channel, sealed) -> None:
    reporter = Reporter(server, channel)
    jobs = reporter.person.creates_channel("Робота", "robota_eu")
    await reporter.offers(lambda p: p.forwards(OFFER, from_channel(jobs, 7)))
    shown = await reporter.to_preview()
    shown = await reporter.presses(f"➕ {number(row(shown, '@robota_eu'))}")
    assert ORIGIN not in row(shown, "@robota_eu")
    shown = await reporter.presses(f"✂️ {number(row(shown, '@robota_eu'))}")
    assert ORIGIN in row(shown, "@robota_eu")
    shown = await reporter.presses("↩️ Put the last line back")
    assert ORIGIN not in row(shown, "@robota_eu")
    shown = await reporter.presses("↩️ Put the last line back")
    assert ORIGIN in row(shown, "@robota_eu")
    await reporter.presses(f"➕ {number(row(shown, '@robota_eu'))}")
    await reporter.presses("📨 Send this")
    _, ticket = await sealed()
    assert "https://t.me/robota_eu/7" in {item.url for item in ticket.identifiers}


async def test_a_card_given_to_a_question_of_a_report_is_a_choice_of_its_preview(server, channel, sealed) -> None:
    reporter = Reporter(server, channel)
    reporter.person.types("/report")
    await reporter.person.hears(lambda message: bool(message.buttons))
    reporter.person.shares_contact("+380501234567", "Ігор", own=False)
    await reporter.person.hears("leaves it out, unless you add it at the end")
    await reporter.answered()
    shown = await reporter.to_preview()
    assert "+380501234567" not in shown.text  # a new report began
    reporter.person.shares_contact("+380501234567", "Ігор", own=False)
    await reporter.answered()
    shown = await reporter.presses("👁️ Show it again")
    shown = await reporter.presses(f"➕ {number(row(shown, '+380501234567'))}")
    assert CARD in row(shown, "Ігор")
    await reporter.presses("📨 Send this")
    text, ticket = await sealed()
    assert [(i.type, i.value) for i in ticket.identifiers] == [("phone", "+380501234567")] and "Ігор" not in text


async def test_about_a_child_no_contact_is_kept_or_offered(server, channel, sealed) -> None:
    reporter = Reporter(server, channel)
    await reporter.offers(lambda p: p.forwards(OFFER, from_hidden("Марія К")))
    shown = await reporter.to_preview(age="child")
    assert "Марія" not in shown.text
    reporter.person.shares_contact("+380501234567", "Ігор", own=False)
    await reporter.person.hears("keep nothing of this card")
    assert "501234567" not in repr(reporter.session.slots)


async def test_deleting_forgets_contacts_in_a_chat_that_goes_on(server, channel) -> None:
    reporter = Reporter(server, channel)
    await reporter.offers(lambda p: p.forwards(OFFER, from_hidden("Марія К")))
    await reporter.to_preview()
    session = reporter.session
    assert "Марія" in repr(session.buttons)
    reporter.person.types("/delete")
    await reporter.person.hears("gone from my memory")
    assert not session.ended and "Марія" not in repr(vars(session))


async def test_exit_forgets_contacts(server, channel) -> None:
    reporter = Reporter(server, channel)
    await reporter.offers(lambda p: p.forwards(OFFER, from_hidden("Марія К")))
    session = reporter.session
    assert "Марія" in repr(session.slots)
    reporter.person.types("/exit")
    await until(lambda: session.ended)
    assert "Марія" not in repr(vars(session))
