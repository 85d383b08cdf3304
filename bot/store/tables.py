"""The tables. What may stand in each column, and why, is in `columns.py`; changes need a migration."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, LargeBinary, MetaData, Table
from sqlalchemy import UniqueConstraint as Unique

from bot.store import records
from bot.store.types import AgeFile, Day, Identifier, LoginName, Recipient, RecipientOrEmpty, Word

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


desk = Table(
    "desk",
    metadata,
    _key(),
    _needed("sealed_secret", LargeBinary),
    _needed("recipient", Recipient),
    _needed("verify_key", LargeBinary),
    _bytes("verify_key", 32),
    # A secret as it is has 32 bytes: it must never stand here by mistake.
    CheckConstraint("length(sealed_secret) > 32", name="sealed_secret"),
)

member = Table(
    "member",
    metadata,
    _key(),
    _of("desk"),
    _needed("name", LoginName),
    _needed("role", Word),
    _needed("recipient", Recipient),
    _needed("locked_identity", LargeBinary),
    _needed("joined", Day),
    Unique("desk", "name"),
    one_of("role", records.ROLES),
)

invitation = Table(
    "invitation",
    metadata,
    _key(),
    _of("desk"),
    _needed("role", Word),
    _needed("inviter", Identifier),
    _needed("sealed_secret", AgeFile),
    # UTC, without a zone: SQLite knows none. The only moment that is stored.
    _needed("expires", DateTime),
    one_of("role", records.ROLES),
)

ticket = Table(
    "ticket",
    metadata,
    _key(),
    Column("desk", Identifier, ForeignKey("desk.id"), nullable=False),
    _needed("kind", Word),
    _needed("concern", Word),
    _needed("level", Word),
    _needed("platform_kind", Word),
    _needed("state", Word),
    _needed("day", Day),
    Column("sealed_body", AgeFile),
    _needed("receipt_tag", LargeBinary),
    _needed("question_recipient", RecipientOrEmpty),
    Unique("receipt_tag"),
    Index("ix_ticket_desk_state", "desk", "state"),
    one_of("kind", records.KINDS),
    one_of("concern", records.CONCERNS),
    one_of("level", records.LEVELS),
    one_of("platform_kind", records.PLATFORM_KINDS),
    one_of("state", records.STATES),
    _bytes("receipt_tag", 32),
    CheckConstraint("state <> 'revoked' OR sealed_body IS NULL", name="revoked_is_empty"),
    # A tombstone keeps nothing of what the ticket was about, and nothing else is a tombstone.
    *(
        CheckConstraint(f"(sealed_body IS NULL) = ({column} = '{records.ERASED}')", name=f"tombstone_{column}")
        for column in ("kind", "concern", "level", "platform_kind")
    ),
    CheckConstraint("(sealed_body IS NULL) = (question_recipient = '')", name="tombstone_question_recipient"),
)

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
    _needed("ciphertext", LargeBinary),
)

message = Table(
    "message",
    metadata,
    _key(),
    _of("ticket"),
    _needed("direction", Word),
    _needed("sealed_to_desk", AgeFile),
    _needed("sealed_to_receipt", AgeFile),
    Column("signature", LargeBinary),
    _needed("day", Day),
    one_of("direction", records.DIRECTIONS),
    # Nothing unsigned may reach a reporter as coming from a desk.
    CheckConstraint("direction = 'to_desk' OR signature IS NOT NULL", name="signed"),
    CheckConstraint("signature IS NULL OR length(signature) = 64", name="signature"),
)
