"""What people learn of a change of each column that the database has."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column

from bot.store.tables import metadata

TOLD = "told"
"""People are told, whatever is written there."""
COLUMNS: Mapping[str, str] = {
    "desk.id": TOLD,
    "desk.sharing": "a clear word; what was found under it is in the audit log of who asked",
    "desk_secret.desk": TOLD,
    "desk_secret.generation": TOLD,
    "desk_secret.sealed_secret": TOLD,
    "desk_secret.sealed_earlier": TOLD,
    "desk_secret.sealed_shared_key": TOLD,
    "member.id": TOLD,
    "member.desk": TOLD,
    "member.name": TOLD,
    "member.recipient": TOLD,
    "member.locked_identity": TOLD,
    "member.joined": "a clear day, which nothing depends on",
    "member.last_login": "a clear day, which nothing depends on",
    "second_factor.id": TOLD,
    "second_factor.sealed": TOLD,
    "invitation.id": TOLD,
    "invitation.desk": TOLD,
    "invitation.role": TOLD,
    "invitation.inviter": TOLD,
    "invitation.sealed_code": TOLD,
    "invitation.signature": TOLD,
    "invitation.expires": TOLD,
    "invitation.name": TOLD,
    "invitation.recipient": TOLD,
    "invitation.verify_key": TOLD,
    "invitation.locked_identity": TOLD,
    "invitation.proof": TOLD,
    "invitation.sealed_factor": TOLD,
    "ticket.id": TOLD,
    "ticket.desk": "at another desk it does not open, which is told there; at a desk that is none it is as if deleted",
    "ticket.kind": TOLD,
    "ticket.concern": TOLD,
    "ticket.level": TOLD,
    "ticket.platform_kind": TOLD,
    "ticket.state": "a clear word; the reporter sees what the desk signed, the desk sees it in the thread",
    "ticket.day": TOLD,
    "ticket.sealed_body": "an end as a tombstone looks like any other; another body is told",
    "ticket.receipt_tag": TOLD,
    "ticket.question_recipient": TOLD,
    "ticket.generation": "counted from the keys that open it",
    "ticket.indexed": "decides when the index is made, which is sealed",
    "ticket.outcome": "a clear word; the reporter sees what the desk signed",
    "ticket.sealed_terms": "sealed to the receipt by anybody; without them it is as if there were no spoken word",
    "ticket.held_until": "a clear moment: a withdrawal that nobody asked for erases the ticket, as deleting it would",
    "ticket.closed": "a clear day: an earlier one erases the ticket, as deleting it would",
    "ticket.touched": "a clear day: an open console learns of a change only when it is opened anew",
    "outbox.id": "nothing is delivered from it yet but that something waits",
    "outbox.ticket": "nothing is delivered from it yet but that something waits",
    "outbox.target": "nothing is delivered from it yet but that something waits",
    "outbox.key": "nothing is delivered from it yet but that something waits",
    "outbox.ciphertext": "nothing is delivered from it yet but that something waits",
    "message.id": "nothing depends on it",
    "message.ticket": "a letter that is moved is shown nowhere, as if it were deleted",
    "message.direction": TOLD,
    "message.sealed_to_desk": TOLD,
    "message.sealed_to_receipt": "told in the chat's log; the reporter does not see it, as if it were deleted",
    "message.signature": "told where the desk signed; an answer has none",
    "message.day": "nothing depends on it: the order is sealed",
    "index_entry.ticket": "a link is missing until the index is made anew; none is added",
    "index_entry.own": "a link is missing until the index is made anew; none is added",
    "index_entry.shared": "another desk does not find it; none finds what is not there",
    "audit.desk": TOLD,
    "audit.number": TOLD,
    "audit.moment": TOLD,
    "audit.member": TOLD,
    "audit.action": TOLD,
    "audit.subject": TOLD,
    "audit.reason": TOLD,
    "audit.sealed_reason": TOLD,
    "audit.generation": TOLD,
    "audit.before": TOLD,
    "audit.signature": TOLD,
    "hold.ticket": "a clear id: a hold can be set or taken away",
    "hold.until": "a clear day: a hold can be set or taken away",
    "hold.reason": "a clear word, which nothing depends on",
    "retention_run.day": "clear counts: the page of the site shows others",
    "retention_run.unread": "clear counts: the page of the site shows others",
    "retention_run.closed": "clear counts: the page of the site shows others",
    "retention_run.tombstones": "clear counts: the page of the site shows others",
    "retention_run.held": "clear counts: the page of the site shows others",
    "retention_run.alerts": "clear counts: the page of the site shows others",
    "retention_run.invitations": "clear counts: the page of the site shows others",
    "watch.desk": "clear hours: intake can be kept open or closed",
    "watch.last_login": "clear hours: intake can be kept open or closed",
    "watch.urgent_since": "clear hours: intake can be kept open or closed",
    "watch.paged": "clear hours: whoever is on duty can be kept from being called",
    "worksheet.ticket": "under another ticket it does not open; under none it is as if deleted",
    "worksheet.desk": "it is not searched, and does not open after the next change of keys",
    "worksheet.generation": "counted when keys change: it does not open afterwards",
    "worksheet.sealed": TOLD,
    "desk_sheet.desk": "at another desk it does not open; at a desk that is none it is as if deleted",
    "desk_sheet.generation": "counted when keys change: it does not open afterwards",
    "desk_sheet.sealed": TOLD,
}
"""What comes of a change of each column: people are told, or why it cannot be told and what it leads to."""


def named(name: str) -> "Column[Any]":
    """Return a column by the name that it has here."""
    table, column = name.split(".")
    return metadata.tables[table].columns[column]


def must_be_told(column: "Column[Any]", row: Mapping[str, Any]) -> bool:
    """What stands with an invitation by which nobody asks is written over by whoever asks."""
    table = column.table.name
    return COLUMNS[f"{table}.{column.name}"] == TOLD and not (table == "invitation" and row[column.name] is None)
