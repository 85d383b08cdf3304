"""What retention and the gate need: the day a ticket was closed, holds, and when a desk was last awake."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REASONS = "reason IN ('investigation', 'court_order', 'legal_claim', 'asked_by_person')"


def upgrade() -> None:
    """Add the column and the two tables."""
    op.add_column("ticket", sa.Column("closed", sa.Date(), nullable=True))
    op.create_table(
        "hold",
        *_one_for_each("hold", "ticket"),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.CheckConstraint(_REASONS, name=op.f("ck_hold_reason")),
    )
    op.create_table(
        "watch",
        *_one_for_each("watch", "desk"),
        *(sa.Column(name, sa.DateTime(), nullable=True) for name in ("last_login", "urgent_since", "paged")),
    )


def _one_for_each(table: str, of: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(of, sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint(of, name=f"pk_{table}"),
        sa.ForeignKeyConstraint([of], [f"{of}.id"], name=f"fk_{table}_{of}"),
    )
