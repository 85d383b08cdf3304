"""Secrets of several generations, the audit log, index entries.

SQLite cannot change a table's rules: `desk` and `ticket` are made anew there and filled from a copy. The
foreign keys that point at them are checked when the transaction ends, and hold again by then.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TICKET = (
    "id", "desk", "kind", "concern", "level", "platform_kind", "state", "day", "sealed_body", "receipt_tag",
    "question_recipient",
)  # fmt: skip
_TICKET_WORDS = {
    "kind": "'job', 'housing', 'transport', 'relationship', 'other', 'person', 'erased'",
    "concern": "'child', 'trafficking', 'labour', 'fraud', 'none', 'erased'",
    "level": "'high', 'elevated', 'not_enough', 'none_found', 'not_checked', 'erased'",
    "platform_kind": "'website', 'channel', 'group', 'account', 'phone', 'in_person', 'other', 'unknown', 'erased'",
    "state": "'new', 'accepted', 'rejected', 'done', 'revoked'",
    "indexed": "'no', 'desk', 'shared'",
}
_SHARING = "sharing IN ('openly', 'silently')"
_ACTIONS = (
    "action IN ('found', 'log_in', 'invite', 'join', 'leave', 'rotate', 'recover', 'sealed_anew', 'list', 'show', "
    "'export', 'accept', 'reject', 'close', 'ask', 'correct', 'exported', 'hold', 'release', 'transfer', 'others', "
    "'sharing', 'audit', 'recovery_key')"
)


def upgrade() -> None:
    """Change the tables, and keep what is in them."""
    _desk_secret()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys=ON")
        _anew("desk", ("id",), {"sharing": "openly"}, _make_desk)
        _anew("ticket", _TICKET, {"generation": 1, "indexed": "no"}, _make_ticket)
    else:
        _alter_desk()
        _alter_ticket()
    op.create_index("ix_ticket_desk_generation", "ticket", ["desk", "generation"])
    op.create_index("ix_ticket_desk_indexed", "ticket", ["desk", "indexed"])
    _index_entry()
    _audit()


def _desk_secret() -> None:
    op.create_table(
        "desk_secret",
        sa.Column("desk", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_earlier", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_shared_key", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("desk", "generation", name="pk_desk_secret"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_desk_secret_desk"),
        _check("desk_secret", "sealed_secret", "length(sealed_secret) > 32"),
    )
    op.execute("INSERT INTO desk_secret (desk, generation, sealed_secret) SELECT id, 1, sealed_secret FROM desk")


def _anew(table: str, kept: tuple[str, ...], added: dict[str, object], make: Callable[[], None]) -> None:
    names = ", ".join(kept)
    op.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {names} FROM {table}")  # noqa: S608
    op.drop_table(table)
    make()
    values = ", ".join(repr(value) for value in added.values())
    op.execute(f"INSERT INTO {table} ({names}, {', '.join(added)}) SELECT {names}, {values} FROM kept")  # noqa: S608
    op.execute("DROP TABLE temp.kept")


def _make_desk() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sharing", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk"),
        _check("desk", "sharing", _SHARING),
    )


def _alter_desk() -> None:
    for name in ("sealed_secret", "recipient", "verify_key"):
        op.drop_column("desk", name)
    _add("desk", "sharing", sa.String(16), "openly")
    op.create_check_constraint(op.f("ck_desk_sharing"), "desk", _SHARING)


def _make_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("desk", sa.String(64), nullable=False),
        *(sa.Column(name, sa.String(16), nullable=False) for name in _TICKET_WORDS),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_tag", sa.LargeBinary(), nullable=False),
        sa.Column("question_recipient", sa.String(62), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.ForeignKeyConstraint(
            ["desk", "generation"], ["desk_secret.desk", "desk_secret.generation"], name="fk_ticket_desk"
        ),
        sa.UniqueConstraint("receipt_tag", name="uq_ticket_receipt_tag"),
        *(_check("ticket", name, f"{name} IN ({words})") for name, words in _TICKET_WORDS.items()),
        _check("ticket", "receipt_tag", "length(receipt_tag) = 32"),
        _check("ticket", "revoked_is_empty", "state <> 'revoked' OR sealed_body IS NULL"),
        *(
            _check("ticket", f"tombstone_{name}", f"(sealed_body IS NULL) = ({name} = 'erased')")
            for name in ("kind", "concern", "level", "platform_kind")
        ),
        _check("ticket", "tombstone_question_recipient", "(sealed_body IS NULL) = (question_recipient = '')"),
    )
    op.create_index("ix_ticket_desk_state", "ticket", ["desk", "state"])


def _alter_ticket() -> None:
    _add("ticket", "generation", sa.Integer(), "1")
    _add("ticket", "indexed", sa.String(16), "no")
    op.create_check_constraint(op.f("ck_ticket_indexed"), "ticket", f"indexed IN ({_TICKET_WORDS['indexed']})")
    op.drop_constraint("fk_ticket_desk", "ticket", type_="foreignkey")
    op.create_foreign_key("fk_ticket_desk", "ticket", "desk_secret", ["desk", "generation"], ["desk", "generation"])


def _add(table: str, name: str, kind: Any, value: str) -> None:
    """Add a column that has a value in every row, and no default afterwards."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=value))
    op.alter_column(table, name, server_default=None)


def _index_entry() -> None:
    op.create_table(
        "index_entry",
        sa.Column("ticket", sa.String(64), nullable=False),
        sa.Column("own", sa.LargeBinary(), nullable=False),
        sa.Column("shared", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("ticket", name="pk_index_entry"),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name="fk_index_entry_ticket"),
        _check("index_entry", "own", "length(own) > 64"),
        _check("index_entry", "shared", "shared IS NULL OR length(shared) > 64"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("desk", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("moment", sa.DateTime(), nullable=False),
        sa.Column("member", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("desk", "number", name="pk_audit"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_audit_desk"),
        _check("audit", "action", _ACTIONS),
        _check("audit", "reasons", "(reason IS NULL) = (sealed_reason IS NULL)"),
        _check("audit", "reason", "reason IS NULL OR length(reason) = 32"),
        _check("audit", "before", "length(before) = 32"),
        _check("audit", "signature", "length(signature) = 64"),
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    # op.f: the name is complete; Alembic would put the table before it once more.
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
