"""Receipts: the terms of a receipt, what a closed ticket was good for, and withdrawals that are held."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OUTCOMES = (
    "'actionable', 'intelligence', 'to_labour', 'to_fraud', 'other_country', 'duplicate', 'insufficient', 'malicious'"
)


def upgrade() -> None:
    """Add three columns to the tickets; those that are there have none of it."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    # Written out, because SQLite takes a rule only along with its column. Each rule on a line of its own: that is
    # where SQLAlchemy finds it when it reads the tables.
    for column, kind, rules in (
        (
            "outcome",
            "VARCHAR(16)",
            {"outcome": f"outcome IN ({_OUTCOMES})", "outcome_of_done": "outcome IS NULL OR state = 'done'"},
        ),
        (
            "sealed_terms",
            "BYTEA" if postgresql else "BLOB",
            {"tombstone_sealed_terms": "sealed_terms IS NULL OR sealed_body IS NOT NULL"},
        ),
        (
            "held_until",
            "TIMESTAMP WITHOUT TIME ZONE" if postgresql else "DATETIME",
            {"tombstone_held_until": "held_until IS NULL OR sealed_body IS NOT NULL"},
        ),
    ):
        checks = "".join(f"\nCONSTRAINT ck_ticket_{name} CHECK ({rule})" for name, rule in rules.items())
        op.execute(f"ALTER TABLE ticket ADD COLUMN {column} {kind}{checks}")
