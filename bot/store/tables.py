"""The tables. What may stand in each column, and why, is in `columns.py`; changes need a migration."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.schema import SchemaItem

from bot.privacy.delegates import DELEGATED_BYTES, SIGNATURE_BYTES
from bot.store import records
from bot.store.types import (
    AgeFile,
    Bytes,
    Day,
    Hour,
    Identifier,
    IdentifierOrEmpty,
    LoginName,
    Moment,
    Number,
    Recipient,
    RecipientOrEmpty,
    VerifyKey,
    Word,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key() -> "Column[Any]":
    return Column("id", Identifier, primary_key=True)


def _of(table: str) -> "Column[Any]":
    return Column(table, Identifier, ForeignKey(f"{table}.id"), nullable=False, index=True)


def _needed(name: str, kind: Any) -> "Column[Any]":
    return Column(name, kind, nullable=False)


def one_of(column: str, words: Sequence[str]) -> CheckConstraint:
    """Return the constraint that a column holds a word of a list."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


def _bytes(column: str, length: int) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = {length}", name=column)


def _signed(column: str) -> CheckConstraint:
    """The desk's signature, or a delegate's with its certificate."""
    return CheckConstraint(f"length({column}) IN ({SIGNATURE_BYTES}, {DELEGATED_BYTES})", name=column)


def _today() -> date:
    return datetime.now(timezone.utc).date()


def _numbered(name: str) -> "Column[Any]":
    return Column(name, Number, primary_key=True, autoincrement=False)


def _sealed_to_desk(*, primary_key: bool = False) -> "tuple[SchemaItem, ...]":
    """Columns of something that is sealed to a desk's key; that key stays as long as anything is sealed to it."""
    return (
        Column("desk", Identifier, primary_key=primary_key, nullable=False),
        _needed("generation", Number),
        _needed("sealed", AgeFile),
        ForeignKeyConstraint(["desk", "generation"], ["desk_secret.desk", "desk_secret.generation"]),
    )


desk = Table("desk", metadata, _key(), _needed("sharing", Word), one_of("sharing", records.SHARING))

desk_secret = Table(
    "desk_secret",
    metadata,
    Column("desk", Identifier, ForeignKey("desk.id"), primary_key=True),
    _numbered("generation"),
    _needed("sealed_secret", Bytes),
    Column("sealed_earlier", AgeFile),
    Column("sealed_shared_key", AgeFile),
    # A secret as it is has 32 bytes: it must never stand here by mistake.
    CheckConstraint("length(sealed_secret) > 32", name="sealed_secret"),
)

member = Table(
    "member",
    metadata,
    _key(),
    _of("desk"),
    _needed("name", LoginName),
    _needed("recipient", Recipient),
    _needed("locked_identity", Bytes),
    _needed("joined", Day),
    Column("last_login", Day),
    Unique("desk", "name"),
)

invitation = Table(
    "invitation",
    metadata,
    _key(),
    _of("desk"),
    _needed("role", Word),
    _needed("inviter", Identifier),
    _needed("sealed_code", AgeFile),
    _needed("signature", Bytes),
    # UTC, without a zone: SQLite knows none.
    _needed("expires", Moment),
    Column("name", LoginName),
    Column("recipient", Recipient),
    Column("verify_key", VerifyKey),
    Column("locked_identity", Bytes),
    Column("proof", Bytes),
    Column("sealed_factor", AgeFile),
    one_of("role", records.ROLES),
    _signed("signature"),
    CheckConstraint("proof IS NULL OR length(proof) = 32", name="proof"),
    # Somebody asks to be admitted, or nobody does yet.
    *(
        CheckConstraint(f"(name IS NULL) = ({column} IS NULL)", name=f"applicant_{column}")
        for column in ("recipient", "verify_key", "locked_identity", "proof")
    ),
    CheckConstraint("name IS NOT NULL OR sealed_factor IS NULL", name="applicant_sealed_factor"),
)

ticket = Table(
    "ticket",
    metadata,
    _key(),
    _needed("desk", Identifier),
    _needed("kind", Word),
    _needed("concern", Word),
    _needed("level", Word),
    _needed("platform_kind", Word),
    _needed("state", Word),
    _needed("day", Day),
    Column("sealed_body", AgeFile),
    _needed("receipt_tag", Bytes),
    _needed("question_recipient", RecipientOrEmpty),
    _needed("generation", Number),
    _needed("indexed", Word),
    Column("outcome", Word),
    Column("sealed_terms", AgeFile),
    # UTC, without a zone, on the hour; gone as soon as the withdrawal is carried out.
    Column("held_until", Moment),
    Column("closed", Day),
    # The day of the last change, so that a desk at work need not ask for every ticket again; nothing else reads it.
    Column("touched", Day, default=_today, onupdate=_today),
    Unique("receipt_tag"),
    # No secret goes while a ticket is sealed to it, and nothing is sealed to one that is gone.
    ForeignKeyConstraint(["desk", "generation"], ["desk_secret.desk", "desk_secret.generation"]),
    Index("ix_ticket_desk_state", "desk", "state"),
    Index("ix_ticket_desk_generation", "desk", "generation"),
    Index("ix_ticket_desk_indexed", "desk", "indexed"),
    Index("ix_ticket_touched", "touched"),
    one_of("indexed", records.INDEXED),
    one_of("kind", records.KINDS),
    one_of("concern", records.CONCERNS),
    one_of("level", records.LEVELS),
    one_of("platform_kind", records.PLATFORM_KINDS),
    one_of("state", records.STATES),
    one_of("outcome", records.OUTCOMES),
    CheckConstraint("outcome IS NULL OR state = 'done'", name="outcome_of_done"),
    _bytes("receipt_tag", 32),
    CheckConstraint("state <> 'revoked' OR sealed_body IS NULL", name="revoked_is_empty"),
    # A tombstone keeps nothing of what the ticket was about, and nothing else is a tombstone.
    *(
        CheckConstraint(f"(sealed_body IS NULL) = ({column} = '{records.ERASED}')", name=f"tombstone_{column}")
        for column in ("kind", "concern", "level", "platform_kind")
    ),
    CheckConstraint("(sealed_body IS NULL) = (question_recipient = '')", name="tombstone_question_recipient"),
    *(
        CheckConstraint(f"{column} IS NULL OR sealed_body IS NOT NULL", name=f"tombstone_{column}")
        for column in ("sealed_terms", "held_until")
    ),
)

TICKET_RECORD = tuple(column for column in ticket.columns if column.name != "touched")
"""The columns that make a `bot.store.records.TicketRecord`."""

second_factor = Table(
    "second_factor",
    metadata,
    # The id is the member's: it goes with its member.
    Column("id", Identifier, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    _needed("sealed", AgeFile),
)

outbox = Table(
    "outbox",
    metadata,
    _key(),
    _of("ticket"),
    _needed("target", Identifier),
    _needed("key", Identifier),
    _needed("ciphertext", Bytes),
)

message = Table(
    "message",
    metadata,
    _key(),
    _of("ticket"),
    _needed("direction", Word),
    _needed("sealed_to_desk", AgeFile),
    _needed("sealed_to_receipt", AgeFile),
    Column("signature", Bytes),
    _needed("day", Day),
    one_of("direction", records.DIRECTIONS),
    # Nothing unsigned may reach a reporter as coming from a desk.
    CheckConstraint("direction = 'to_desk' OR signature IS NOT NULL", name="signed"),
    CheckConstraint("signature IS NULL OR length(signature) = 64", name="signature"),
)

index_entry = Table(
    "index_entry",
    metadata,
    Column("ticket", Identifier, ForeignKey("ticket.id"), primary_key=True),
    _needed("own", Bytes),
    Column("shared", Bytes),
    # A tag as it is has 32 bytes: it must never stand here by mistake.
    CheckConstraint("length(own) > 64", name="own"),
    CheckConstraint("shared IS NULL OR length(shared) > 64", name="shared"),
)

audit = Table(
    "audit",
    metadata,
    Column("desk", Identifier, ForeignKey("desk.id"), primary_key=True),
    _numbered("number"),
    _needed("moment", Moment),
    _needed("member", Identifier),
    _needed("action", Word),
    _needed("subject", IdentifierOrEmpty),
    Column("reason", Bytes),
    Column("sealed_reason", AgeFile),
    _needed("generation", Number),
    _needed("before", Bytes),
    _needed("signature", Bytes),
    one_of("action", records.ACTIONS),
    CheckConstraint("(reason IS NULL) = (sealed_reason IS NULL)", name="reasons"),
    CheckConstraint("reason IS NULL OR length(reason) = 32", name="reason"),
    _bytes("before", 32),
    _signed("signature"),
    Index("ix_audit_subject", "desk", "subject"),
)

hold = Table(
    "hold",
    metadata,
    Column("ticket", Identifier, ForeignKey("ticket.id"), primary_key=True),
    _needed("until", Day),
    _needed("reason", Word),
    one_of("reason", records.HOLD_REASONS),
)

retention_run = Table(
    "retention_run",
    metadata,
    Column("day", Day, primary_key=True),
    *(_needed(name, Number) for name in ("unread", "closed", "tombstones", "held", "alerts", "invitations")),
)

watch = Table(
    "watch",
    metadata,
    Column("desk", Identifier, ForeignKey("desk.id"), primary_key=True),
    Column("last_login", Hour),
    Column("urgent_since", Hour),
    Column("paged", Hour),
)

worksheet = Table(
    "worksheet",
    metadata,
    Column("ticket", Identifier, ForeignKey("ticket.id"), primary_key=True),
    *_sealed_to_desk(),
    Index("ix_worksheet_desk_generation", "desk", "generation"),
)

desk_sheet = Table("desk_sheet", metadata, *_sealed_to_desk(primary_key=True))


def belonging_to_tickets() -> "Iterator[tuple[Table, Column[Any]]]":
    """Yield each table that refers to tickets, and the column by which: its rows go when their ticket ends."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.references(ticket.c.id):
                yield table, column
