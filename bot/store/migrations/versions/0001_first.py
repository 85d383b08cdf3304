"""The first tables: desks, members, invitations, tickets, what waits for delivery, what was said."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROLES = "role IN ('lead', 'member', 'auditor')"
_TICKET_WORDS = {
    "kind": "'job', 'housing', 'transport', 'relationship', 'other', 'person', 'erased'",
    "concern": "'child', 'trafficking', 'labour', 'fraud', 'none', 'erased'",
    "level": "'high', 'elevated', 'not_enough', 'none_found', 'not_checked', 'erased'",
    "platform_kind": "'website', 'channel', 'group', 'account', 'phone', 'in_person', 'other', 'unknown', 'erased'",
    "state": "'new', 'accepted', 'rejected', 'done', 'revoked'",
}


def upgrade() -> None:
    """Make the tables."""
    _desks()
    _tickets()
    _about_tickets()


def _desks() -> None:
    op.create_table(
        "desk",
        *_key("desk"),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(62), nullable=False),
        sa.Column("verify_key", sa.LargeBinary(), nullable=False),
        _check("desk", "verify_key", "length(verify_key) = 32"),
        _check("desk", "sealed_secret", "length(sealed_secret) > 32"),
    )
    op.create_table(
        "member",
        *_key("member"),
        *_belongs("member", "desk"),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("recipient", sa.String(62), nullable=False),
        sa.Column("locked_identity", sa.LargeBinary(), nullable=False),
        sa.Column("joined", sa.Date(), nullable=False),
        sa.UniqueConstraint("desk", "name", name="uq_member_desk"),
        _check("member", "role", _ROLES),
    )
    op.create_index("ix_member_desk", "member", ["desk"])
    op.create_table(
        "invitation",
        *_key("invitation"),
        *_belongs("invitation", "desk"),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("inviter", sa.String(64), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        _check("invitation", "role", _ROLES),
    )
    op.create_index("ix_invitation_desk", "invitation", ["desk"])


def _tickets() -> None:
    op.create_table(
        "ticket",
        *_key("ticket"),
        *_belongs("ticket", "desk"),
        *(sa.Column(name, sa.String(16), nullable=False) for name in _TICKET_WORDS),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_tag", sa.LargeBinary(), nullable=False),
        sa.Column("question_recipient", sa.String(62), nullable=False),
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


def _about_tickets() -> None:
    op.create_table(
        "outbox",
        *_key("outbox"),
        *_belongs("outbox", "ticket"),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_outbox_ticket", "outbox", ["ticket"])
    op.create_table(
        "message",
        *_key("message"),
        *_belongs("message", "ticket"),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("sealed_to_desk", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_to_receipt", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        _check("message", "direction", "direction IN ('to_reporter', 'to_desk')"),
        _check("message", "signed", "direction = 'to_desk' OR signature IS NOT NULL"),
        _check("message", "signature", "signature IS NULL OR length(signature) = 64"),
    )
    op.create_index("ix_message_ticket", "message", ["ticket"])


def _key(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return sa.Column("id", sa.String(64), nullable=False), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _belongs(table: str, to: str) -> tuple[sa.schema.SchemaItem, ...]:
    key = sa.ForeignKeyConstraint([to], [f"{to}.id"], name=f"fk_{table}_{to}")
    return sa.Column(to, sa.String(64), nullable=False), key


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    # op.f: the name is complete; Alembic would put the table before it once more.
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
