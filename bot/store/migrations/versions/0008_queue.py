"""The day on which each ticket was last changed, by which a desk at work asks for what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: until now, the day of a ticket is the day it was touched."""
    op.add_column("ticket", sa.Column("touched", sa.Date(), nullable=True))
    op.execute("UPDATE ticket SET touched = day")
    op.create_index("ix_ticket_touched", "ticket", ["touched"])
