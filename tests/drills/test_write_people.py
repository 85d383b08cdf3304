"""WRITE: who writes to the database lets nobody in and keeps nobody in; a desk's notes and its log stay its own."""

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timezone
from typing import Any

import pytest

from bot.privacy import invitations, roster
from bot.privacy.audit_chain import Entry, head_of, next_entry
from bot.privacy.powers import Role
from bot.privacy.seal import Label, recipient_of, seal_field
from bot.reports import desk_sheet, worksheet
from bot.runtime import joining, key_folder, people, rotating
from bot.runtime.desk_session import DeskError, DeskSession
from bot.runtime.handing_on import hand_on
from bot.store.invitations import Invitations
from tests.desks import PASSPHRASE
from tests.drills.expected import COLUMNS, named
from tests.drills.looking import no_lie
from tests.drills.rewriting import EVIL, Scene, forged, insert, write

pytestmark = pytest.mark.drill


def test_nothing_is_sealed_to_a_key_that_was_put_in(scene: Scene) -> None:
    evil, site = recipient_of(EVIL), scene.site
    scene.attacker.run("UPDATE ticket SET question_recipient = :evil WHERE question_recipient <> ''", evil=evil)
    found = {ticket: site.reporting.follow_up.find(site.codes[ticket]) for ticket in scene.tickets}
    scene.attacker.run("UPDATE member SET recipient = :evil WHERE name = 'second'", evil=evil)
    session = site.at_work()
    for ticket in scene.tickets:
        session.talk.ask(session.ticket(ticket)[0], "a question to the reporter")
        receipt = found[ticket]
        assert receipt is not None
        assert site.reporting.follow_up.answer("a" * 32, ticket, 1, "an answer", receipt.reporter) == "sent"
        assert len(site.reporting.follow_up.choose_word(site.codes[ticket], ticket, "heron")) == 64
    session.talk.decide(session.ticket(scene.tickets[1])[0], "accepted")
    hand_on(session, scene.tickets[1], "hotline")
    for change in (lambda: rotating.rotate(session), lambda: rotating.leave(session, "second")):
        with pytest.raises(roster.RosterError, match="names other members"):
            change()
    people.admit(session, scene.place.asked.invitation)
    fourth = joining.ask(site.settings, scene.place.code, "fourth", PASSPHRASE)
    people.admit(session, fourth.invitation)
    site.report(narrative="later")
    assert scene.attacker.opens() == []
    receipt = site.reporting.follow_up.find(site.codes[scene.tickets[0]])
    assert receipt is not None and "a question to the reporter" in {note.text for _, note in receipt.notes}


def test_a_member_who_leaves_cannot_stay_under_another_name(scene: Scene) -> None:
    site = scene.site
    people.admit(site.at_work(), scene.place.asked.invitation)
    for old, new in (("second", "x"), ("third", "second"), ("x", "third")):
        scene.attacker.run("UPDATE member SET name = :new WHERE name = :old", new=new, old=old)
    with pytest.raises(roster.RosterError, match="names other members"):
        rotating.leave(site.at_work(), "second")


LISTS: Mapping[str, Callable[[list[list[str]]], list[list[str]]]] = {
    "a name more": lambda lines: [*lines, ["mallory", recipient_of(EVIL), "intake", ""]],
    "another key": lambda lines: [[name, recipient_of(EVIL), *rest] for name, _, *rest in lines],
    "another role": lambda lines: [[name, recipient, "intake", key] for name, recipient, _, key in lines],
    "another key to sign with": lambda lines: [[*line[:3], line[3] and "0" * 64] for line in lines],
    "no list": lambda _: [["no", "list"]],
}


@pytest.mark.parametrize("how", LISTS)
def test_the_signed_list_takes_nothing_that_was_put_in(scene: Scene, how: str) -> None:
    row = next(row for row in scene.now["desk_secret"] if (row["desk"], row["generation"]) == ("ngo", 2))
    content = json.loads(bytes(row["sealed_secret"]))
    forged_list = json.dumps({**content, "members": LISTS[how](content["members"])}).encode()
    assert write(scene, named("desk_secret.sealed_secret"), row, forged_list)
    assert re.search("did not sign these members|are damaged", scene.look().refused)


def test_a_certificate_that_the_desk_did_not_make_lets_nobody_sign(scene: Scene) -> None:
    row = next(row for row in scene.now["desk_secret"] if (row["desk"], row["generation"]) == ("ngo", 2))
    content = json.loads(bytes(row["sealed_secret"]))
    evil = roster.found_desk("ngo")
    certificates = {key: evil.sign("delegate", key.encode()).hex() for key in content["certificates"]}
    assert write(
        scene,
        named("desk_secret.sealed_secret"),
        row,
        json.dumps({**content, "certificates": certificates}).encode(),
    )
    before = scene.seen
    scene.look()
    after = scene.look()
    no_lie(before, after)
    assert after.told - before.told


def newcomer(scene: Scene, **values: Any) -> None:
    """Write over who asks to be admitted."""
    changed = ", ".join(f"{name} = :{name}" for name in values)
    statement = f"UPDATE invitation SET {changed} WHERE id = :id"
    assert scene.attacker.run(statement, id=scene.place.asked.invitation, **values) == 1


def test_nobody_is_admitted_whom_nobody_invited(scene: Scene) -> None:
    session, asked = scene.site.at_work(), scene.place.asked
    mallory = roster.new_member(PASSPHRASE)
    theirs = {"recipient": mallory.recipient, "verify_key": mallory.verify_key, "locked_identity": mallory.locked}
    in_the_place = Invitations(scene.site.database).get(asked.invitation, datetime.now(timezone.utc))
    assert in_the_place is not None
    own_code, made = invitations.invite(
        replace(roster.found_desk("ngo"), pin=session.pin), Role.INTAKE, session.member.id, in_the_place.expires
    )
    forged_proof = invitations.apply(own_code, people.invitation_of(in_the_place), asked.name, mallory).proof
    for values in (theirs, {**theirs, "proof": forged_proof}, {"name": "mallory"}, {"role": "hotline"}):
        newcomer(scene, **values)
        with pytest.raises(roster.RosterError):
            people.admit(session, asked.invitation)
        scene.put_back()
    row = next(row for row in scene.now["invitation"] if row["id"] == asked.invitation)
    applied = invitations.apply(own_code, made, "mallory", mallory)
    whole = {"id": made.id, "role": "intake", "sealed_code": made.sealed_code, "name": "mallory", **theirs}
    for signature in (made.signature, row["signature"]):
        insert(scene, "invitation", {**row, **whole, "proof": applied.proof, "signature": signature})
        with pytest.raises(roster.RosterError, match="Nobody who may invite"):
            people.admit(session, made.id)
        scene.put_back()
    assert people.admit(scene.site.at_work(), asked.invitation).recipient == asked.recipient


@pytest.mark.parametrize("name", [name for name in COLUMNS if name.startswith("invitation.")])
def test_a_changed_invitation_admits_nobody_else(scene: Scene, name: str) -> None:
    column, asked = named(name), scene.place.asked
    as_asked = asked.name, asked.recipient, asked.role
    row = next(row for row in scene.now["invitation"] if row["id"] == asked.invitation)
    for value in forged(column, row, scene.now["invitation"]):
        if not write(scene, column, row, value):
            continue
        session, put_in = scene.site.at_work(), len(scene.attacker.opens())
        before = listed(session)
        with contextlib.suppress(DeskError, roster.RosterError):
            people.admit(session, asked.invitation)
        let_in = set(listed(scene.site.at_work())) - set(before)
        assert {(each.name, each.recipient, each.role) for each in let_in} <= {as_asked}
        assert len(scene.attacker.opens()) == put_in
        scene.put_back()


def listed(session: DeskSession) -> tuple[roster.Listed, ...]:
    return roster.members_of(session.row().sealed_secret, session.pin)


def test_what_a_desk_notes_for_itself_is_neither_made_up_nor_exchanged(scene: Scene) -> None:
    before, (one, other) = scene.seen, scene.tickets
    pin = key_folder.read(scene.site.settings.key_folder).pins.current("ngo")
    content = worksheet.to_bytes(worksheet.with_tag(worksheet.EMPTY, "harmless"))
    evil = roster.found_desk("ngo").sign("sheet", content)
    sheets = {row["ticket"]: row["sealed"] for row in scene.now["worksheet"]}
    bodies = [seal_field(Label(one, "worksheet", 1), signed, [pin.recipient]) for signed in (content, evil + content)]
    for sealed in (*bodies, sheets[other]):
        scene.attacker.run("UPDATE worksheet SET sealed = :sealed WHERE ticket = :ticket", sealed=sealed, ticket=one)
        after = scene.look()
        no_lie(before, after)
        assert after.told == {"sheets: damaged"}
    views = desk_sheet.to_bytes(desk_sheet.with_listed_tag(desk_sheet.EMPTY, "harmless"))
    sealed = seal_field(Label("ngo", "desk sheet", 1), views, [pin.recipient])
    scene.attacker.run("UPDATE desk_sheet SET sealed = :sealed WHERE desk = 'ngo'", sealed=sealed)
    after = scene.look()
    no_lie(before, after)
    assert "sheets of desks: damaged" in after.told


def entries(scene: Scene) -> list[Entry]:
    session = scene.site.at_work()
    return session.log.examine("ngo", key_folder.read(session.settings.key_folder).pins)[0]


def put_in(scene: Scene, log: list[Entry]) -> None:
    scene.attacker.run("DELETE FROM audit WHERE desk = 'ngo'")
    for entry in log:
        row = {**asdict(entry), "moment": f"{entry.moment:%Y-%m-%d %H:%M:%S.000000}"}
        insert(scene, "audit", {**row, "sealed_reason": b"age-encryption.org/v1\n" if entry.reason else None})


def rebuilt(scene: Scene, log: list[Entry]) -> list[Entry]:
    """The same log from nothing, without its last act, under a signature of the attacker's own."""
    pin = key_folder.read(scene.site.settings.key_folder).pins.current("ngo")
    evil = replace(roster.found_desk("ngo"), pin=pin)
    made: list[Entry] = []
    for entry in log[:-1]:
        last = head_of(made[-1] if made else None)
        made.append(next_entry(last, evil, entry.moment, entry.member, entry.action, entry.subject))
    return made


def reordered(_: Scene, log: list[Entry]) -> list[Entry]:
    first, second = log[1], log[2]
    return [log[0], replace(second, number=first.number), replace(first, number=second.number), *log[3:]]


LOGS = {
    "cut off at its end": lambda _, log: log[:-1],
    "without an entry in the middle": lambda _, log: [*log[:2], *log[3:]],
    "closed up in the middle": lambda _, log: [*log[:2], *(replace(each, number=each.number - 1) for each in log[3:])],
    "emptied": lambda _, log: [],
    "rebuilt": rebuilt,
    "reordered": reordered,
    "with an entry twice": lambda _, log: [*log, replace(log[-1], number=log[-1].number + 1)],
}


@pytest.mark.parametrize("how", LOGS)
def test_a_log_that_was_changed_is_noticed_and_stays_so(scene: Scene, how: str) -> None:
    before, log = scene.seen, entries(scene)
    put_in(scene, LOGS[how](scene, log))
    after = scene.look()
    no_lie(before, after)
    assert after.told - before.told
    session = scene.site.at_work()
    for _ in range(3):
        session.note("list")
    assert scene.look().told - before.told
