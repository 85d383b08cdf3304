"""People: roles in the signed list, invitations that carry no key, the day of a member's last login, retention's days.

Invitations of before hold the desk's secret under their code: they go, and are made anew. SQLite cannot change a
table's rules, so there the tables are made anew and filled from a copy; dropping `member` would take the second
factors along, so these are copied too.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROLES = "role IN ('intake', 'investigator', 'hotline', 'auditor', 'admin')"
_SIGNED = "length(signature) IN (64, 160)"
_ACTIONS = (
    "action IN ('found', 'log_in', 'invite', 'join', 'leave', 'rotate', 'recover', 'sealed_anew', 'list', 'show', "
    "'export', 'accept', 'reject', 'close', 'ask', 'correct', 'exported', 'hold', 'release', 'transfer', 'others', "
    "'sharing', 'audit', 'recovery_key', 'admit', 'withdraw', 'reset_factor', 'passphrase', 'new_codes', "
    "'audit_export')"
)
_MEMBER = ("id", "desk", "name", "recipient", "locked_identity", "joined")
_APPLICANT = ("recipient", "verify_key", "locked_identity", "proof")


def upgrade() -> None:
    """Change the tables, and keep members, their second factors and the audit log."""
    op.drop_table("invitation")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys=ON")
        _member_anew()
        _audit_anew()
    else:
        op.drop_column("member", "role")
        op.add_column("member", sa.Column("last_login", sa.Date(), nullable=True))
        for name, rule in (("action", _ACTIONS), ("signature", _SIGNED)):
            op.drop_constraint(op.f(f"ck_audit_{name}"), "audit", type_="check")
            op.create_check_constraint(op.f(f"ck_audit_{name}"), "audit", rule)
    _invitation()
    op.create_table(
        "retention_run",
        sa.Column("day", sa.Date(), nullable=False),
        *(_needed(name, sa.Integer()) for name in ("unread", "closed", "tombstones", "held", "alerts", "invitations")),
        sa.PrimaryKeyConstraint("day", name="pk_retention_run"),
    )


def _member_anew() -> None:
    op.execute("CREATE TEMPORARY TABLE kept_factor AS SELECT id, sealed FROM second_factor")
    _copy("member", _MEMBER)
    op.drop_table("member")
    op.create_table(
        "member",
        *_key("member"),
        *_belongs("member", "desk"),
        _needed("name", sa.String(64)),
        _needed("recipient", sa.String(62)),
        _needed("locked_identity", sa.LargeBinary()),
        _needed("joined", sa.Date()),
        sa.Column("last_login", sa.Date(), nullable=True),
        sa.UniqueConstraint("desk", "name", name="uq_member_desk"),
    )
    op.create_index("ix_member_desk", "member", ["desk"])
    _fill("member", _MEMBER)
    op.execute("DELETE FROM second_factor")
    op.execute("INSERT INTO second_factor (id, sealed) SELECT id, sealed FROM kept_factor")
    op.execute("DROP TABLE temp.kept_factor")


def _audit_anew() -> None:
    columns = (
        "desk", "number", "moment", "member", "action", "subject", "reason", "sealed_reason", "generation", "before",
        "signature",
    )  # fmt: skip
    _copy("audit", columns)
    op.drop_table("audit")
    op.create_table(
        "audit",
        _needed("desk", sa.String(64)),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        _needed("moment", sa.DateTime()),
        _needed("member", sa.String(64)),
        _needed("action", sa.String(16)),
        _needed("subject", sa.String(64)),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        _needed("generation", sa.Integer()),
        _needed("before", sa.LargeBinary()),
        _needed("signature", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("desk", "number", name="pk_audit"),
        sa.ForeignKeyConstraint(["desk"], ["desk.id"], name="fk_audit_desk"),
        _check("audit", "action", _ACTIONS),
        _check("audit", "reasons", "(reason IS NULL) = (sealed_reason IS NULL)"),
        _check("audit", "reason", "reason IS NULL OR length(reason) = 32"),
        _check("audit", "before", "length(before) = 32"),
        _check("audit", "signature", _SIGNED),
    )
    _fill("audit", columns)


def _invitation() -> None:
    op.create_table(
        "invitation",
        *_key("invitation"),
        *_belongs("invitation", "desk"),
        _needed("role", sa.String(16)),
        _needed("inviter", sa.String(64)),
        _needed("sealed_code", sa.LargeBinary()),
        _needed("signature", sa.LargeBinary()),
        _needed("expires", sa.DateTime()),
        sa.Column("name", sa.String(64), nullable=True),
        sa.Column("recipient", sa.String(62), nullable=True),
        sa.Column("verify_key", sa.String(64), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("locked_identity", "proof", "sealed_factor")),
        _check("invitation", "role", _ROLES),
        _check("invitation", "signature", _SIGNED),
        _check("invitation", "proof", "proof IS NULL OR length(proof) = 32"),
        *(_check("invitation", f"applicant_{column}", f"(name IS NULL) = ({column} IS NULL)") for column in _APPLICANT),
        _check("invitation", "applicant_sealed_factor", "name IS NOT NULL OR sealed_factor IS NULL"),
    )
    op.create_index("ix_invitation_desk", "invitation", ["desk"])


def _copy(table: str, columns: Sequence[str]) -> None:
    op.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {', '.join(columns)} FROM {table}")  # noqa: S608


def _fill(table: str, columns: Sequence[str]) -> None:
    names = ", ".join(columns)
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept")  # noqa: S608
    op.execute("DROP TABLE temp.kept")


def _needed(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _key(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return sa.Column("id", sa.String(64), nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _belongs(table: str, to: str) -> tuple[sa.schema.SchemaItem, ...]:
    key = sa.ForeignKeyConstraint([to], [f"{to}.id"], name=f"fk_{table}_{to}")
    return sa.Column(to, sa.String(64), nullable=False), key


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    # op.f: the name is complete; Alembic would put the table before it once more.
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
