"""What a desk keeps for itself: worksheets on tickets, a sheet of its own, and the acts on them in the audit log.

The audit log's list of acts is added to as it is found, not written anew.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ADDED = ("note", "edit_note", "tag", "untag", "take", "let_go", "views")
_CHECK = "ck_audit_action"


def upgrade() -> None:
    """Make the tables, and let the audit log name the acts."""
    _sheet("worksheet", sa.Column("ticket", sa.String(64), nullable=False), of="ticket")
    op.create_index("ix_worksheet_desk_generation", "worksheet", ["desk", "generation"])
    _sheet("desk_sheet", of=None)
    checks = sa.inspect(op.get_bind()).get_check_constraints("audit")
    before = re.findall("'([a-z_]+)'", next(check["sqltext"] for check in checks if check["name"] == _CHECK))
    words = ", ".join(f"'{word}'" for word in (*before, *_ADDED))
    if op.get_bind().dialect.name == "sqlite":
        _anew(f"action IN ({words})")
    else:
        op.drop_constraint(op.f(_CHECK), "audit")
        op.create_check_constraint(op.f(_CHECK), "audit", f"action IN ({words})")


def _sheet(table: str, *columns: "sa.Column[sa.String]", of: "str | None") -> None:
    belongs = [sa.ForeignKeyConstraint([of], [f"{of}.id"], name=f"fk_{table}_{of}")] if of else []
    op.create_table(
        table,
        *columns,
        sa.Column("desk", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(of or "desk", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["desk", "generation"], ["desk_secret.desk", "desk_secret.generation"], name=f"fk_{table}_desk"
        ),
        *belongs,
    )


def _anew(rule: str) -> None:
    """SQLite cannot change a rule: the table is made anew from its own statement, and filled from a copy."""
    made = op.get_bind().execute(sa.text("SELECT sql FROM sqlite_master WHERE name = 'audit'")).scalar_one()
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM audit")
    op.drop_table("audit")
    op.execute(re.sub(r"action IN \([^)]*\)", rule, made))
    op.execute("INSERT INTO audit SELECT * FROM kept")
    op.execute("DROP TABLE temp.kept")
