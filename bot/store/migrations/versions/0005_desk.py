"""The second factor of a member, sealed to them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "second_factor",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_second_factor"),
        sa.ForeignKeyConstraint(["id"], ["member.id"], name="fk_second_factor_id", ondelete="CASCADE"),
    )
