"""The audit log tells of translations, and what it says of one ticket is found without reading all of it.

Its list of acts is added to as it is found, not written anew.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADDED = "translate"
_CHECK = "ck_audit_action"


def upgrade() -> None:
    """Let the audit log name the act, and add the index."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("audit")
    before = re.findall("'([a-z_]+)'", next(check["sqltext"] for check in checks if check["name"] == _CHECK))
    words = ", ".join(f"'{word}'" for word in (*before, _ADDED))
    if op.get_bind().dialect.name == "sqlite":
        _anew(f"action IN ({words})")
    else:
        op.drop_constraint(op.f(_CHECK), "audit")
        op.create_check_constraint(op.f(_CHECK), "audit", f"action IN ({words})")
    op.create_index("ix_audit_subject", "audit", ["desk", "subject"])


def _anew(rule: str) -> None:
    """SQLite cannot change a rule: the table is made anew from its own statement, and filled from a copy."""
    made = op.get_bind().execute(sa.text("SELECT sql FROM sqlite_master WHERE name = 'audit'")).scalar_one()
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM audit")
    op.drop_table("audit")
    op.execute(re.sub(r"action IN \([^)]*\)", rule, made))
    op.execute("INSERT INTO audit SELECT * FROM kept")
    op.execute("DROP TABLE temp.kept")
