"""WRITE: whoever writes any row of the database has nothing shown as genuine and nothing sealed to a key of theirs."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Column

from bot.privacy import letters, roster
from bot.privacy.seal import recipient_of
from bot.reports import notes
from bot.reports.notes import Note
from bot.reports.ticket import Ticket
from bot.runtime import key_folder
from bot.runtime.bodies import seal_body
from bot.runtime.handing_on import hand_on
from bot.store.tables import metadata
from tests import desks
from tests.desks import START, TODAY
from tests.drills.expected import COLUMNS, must_be_told, named
from tests.drills.looking import hides_no_other, no_lie
from tests.drills.rewriting import EVIL, Scene, chosen, forged, insert, write

pytestmark = pytest.mark.drill


def test_what_nobody_touched_is_shown_and_nothing_is_wrong(scene: Scene) -> None:
    seen = scene.look()
    accepted, new = scene.tickets
    assert dict(seen.tickets) == {accepted: "account 0", new: "account 1"}
    assert seen.statuses == {accepted: "accepted", new: "new"} and not seen.told and not seen.refused
    words = {words for _, _, _, words in seen.letters}
    assert {"early tag", "late tag", "boss is admin", "third is investigator", "fourth is admin"} <= words
    assert {"an early question", "an early answer", "a late answer", "accepted"} <= words
    assert scene.attacker.opens() == []


@pytest.mark.parametrize("name", COLUMNS)
def test_a_changed_column_shows_nothing_false_and_what_can_be_told_is_told(lenient: Scene, name: str) -> None:
    column, before = named(name), lenient.seen
    tried = 0
    for row in chosen(lenient, column.table.name):
        others = lenient.now[column.table.name]
        replayed = [each for each in lenient.earlier[column.table.name] if _same(column, each, row)]
        for value in [*forged(column, row, others), *(each[column.name] for each in replayed)]:
            if value == row[column.name] or not write(lenient, column, row, value):
                continue
            tried += 1
            after = lenient.look()
            no_lie(before, after)
            hides_no_other(lenient.place, before, after)
            if must_be_told(column, row):
                assert after.refused or after.told - before.told, (name, value)
            lenient.put_back()
    assert tried or column.primary_key


def _same(column: "Column[Any]", one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[key.name] == other[key.name] for key in column.table.primary_key.columns)


@pytest.mark.parametrize("name", [name for name in COLUMNS if not named(name).primary_key])
def test_what_is_no_value_at_all_stops_nobody(lenient: Scene, name: str) -> None:
    column, before = named(name), lenient.seen
    for row in chosen(lenient, column.table.name):
        assert write(lenient, column, row, "no süch value")
        after = lenient.look()
        no_lie(before, after)
        hides_no_other(lenient.place, before, after)
        if must_be_told(column, row):
            # Or it reads as what stood there.
            assert after.refused or after.told - before.told or after == before
        lenient.put_back()


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_deleted_rows_stop_nobody(lenient: Scene, table: str) -> None:
    before = lenient.seen
    lenient.attacker.run(f"DELETE FROM {table}")
    after = lenient.look()
    no_lie(before, after)
    if table in ("audit", "desk", "desk_secret", "member", "second_factor", "invitation"):
        assert after.refused or after.told - before.told


def messages(scene: Scene) -> list[dict[str, Any]]:
    return scene.now["message"]


def test_forged_letters_are_shown_to_nobody(scene: Scene) -> None:
    before, ticket = scene.seen, scene.tickets[0]
    record = scene.site.tickets.get(ticket)
    assert record is not None
    desk = key_folder.read(scene.site.settings.key_folder).pins.current("ngo").recipient
    question = Note(kind="question", at=notes.now(), text="come to the station at six", member="olha")
    answer = Note(kind="answer", at=notes.now(), text="all is well", answers=1)
    own = roster.found_desk("ngo").keys
    forged_letters = [
        letters.from_desk("ngo", own, record.question_recipient, ticket, 9, *[notes.to_bytes(question)] * 2),
        letters.from_reporter(desk, record.question_recipient, ticket, 9, *[notes.to_bytes(answer)] * 2),
        letters.from_reporter(desk, record.question_recipient, ticket, 9, *[bytes(32) + notes.to_bytes(answer)] * 2),
    ]
    for number, letter in enumerate(forged_letters):
        row = {"id": f"{number:032x}", "ticket": ticket, "direction": letter.direction, "day": str(TODAY)}
        sealed = {"sealed_to_desk": letter.for_desk, "sealed_to_receipt": letter.for_reporter}
        insert(scene, "message", {**row, **sealed, "signature": letter.signature})
    after = scene.look()
    assert (after.tickets, after.letters, after.statuses) == (before.tickets, before.letters, before.statuses)
    assert after.told == {f"{ticket}: 3 letters are closed"}
    # They do not stand in the way of handing the ticket on either.
    assert hand_on(scene.site.at_work(), ticket, "hotline").desk == "hotline"


def test_replayed_and_exchanged_letters_are_shown_once_or_not_at_all(scene: Scene) -> None:
    before = scene.seen
    accepted, new = scene.tickets
    for number, row in enumerate([*messages(scene), *scene.earlier["message"]]):
        insert(scene, "message", {**row, "id": f"{number:032x}"})
        insert(scene, "message", {**row, "id": f"{number + 100:032x}", "ticket": new})
        turned = "to_desk" if row["direction"] == "to_reporter" else "to_reporter"
        signature = None if turned == "to_desk" else b"s" * 64
        insert(scene, "message", {**row, "id": f"{number + 200:032x}", "direction": turned, "signature": signature})
        for other, halves in enumerate(messages(scene)):
            mixed = {"id": f"{number * 50 + other + 1000:032x}", "sealed_to_receipt": halves["sealed_to_receipt"]}
            insert(scene, "message", {**row, **mixed})
    after = scene.look()
    assert (after.tickets, after.letters, after.statuses) == (before.tickets, before.letters, before.statuses)
    assert {f"{ticket}: " in told for told in after.told for ticket in scene.tickets} and after.told
    thread = [note.text for _, note in scene.site.at_work().talk.thread(accepted).said]
    assert len(thread) == len(set(thread))


def test_a_made_up_ticket_is_told_and_leads_nowhere(scene: Scene) -> None:
    before, (taken, _) = scene.seen, scene.tickets
    desk = key_folder.read(scene.site.settings.key_folder).pins.current("ngo").recipient
    row = next(row for row in scene.now["ticket"] if row["id"] == taken)
    content = Ticket(created=START, recipients=("ngo",), narrative="made up", identifiers=(desks.phone(),))
    evil = recipient_of(EVIL)
    made_up, new_id = b"k" * 32, "e" * 32
    body = seal_body(new_id, 1, content, (b"t" * 32, evil), made_up, desk)
    insert(scene, "ticket", {**row, "id": new_id, "receipt_tag": b"t" * 32, "sealed_body": body, "indexed": "no"})
    instead = seal_body(taken, 1, content, (row["receipt_tag"], row["question_recipient"]), made_up, desk)
    scene.attacker.run("UPDATE ticket SET sealed_body = :body WHERE id = :id", body=instead, id=taken)
    after = scene.look()
    no_lie(before, after)
    assert {f"{new_id} is made up", f"{taken} is made up"} <= after.told
    session = scene.site.at_work()
    assert session.talk.thread(taken).said
    for id in (new_id, taken):
        record, _ = session.ticket(id)
        with pytest.raises(Exception, match="Nobody vouches"):
            session.talk.ask(record, "who are you")
        session.talk.decide(
            record,
            "done" if record.state == "accepted" else "accepted",
            "duplicate" if record.state == "accepted" else None,
        )
    assert scene.attacker.opens() == []


def test_bodies_under_another_id_or_at_another_desk_do_not_open(scene: Scene) -> None:
    before = scene.seen
    one, other = scene.tickets
    elsewhere = next(row for row in scene.now["ticket"] if row["desk"] == "hotline")
    bodies = {row["id"]: row["sealed_body"] for row in scene.now["ticket"]}
    for body in (bodies[other], bodies[elsewhere["id"]]):
        scene.attacker.run("UPDATE ticket SET sealed_body = :body WHERE id = :id", body=body, id=one)
        after = scene.look()
        no_lie(before, after)
        assert f"{one} does not open" in after.told
