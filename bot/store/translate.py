"""The database's errors as one plain sentence each.

They go up unchained: PostgreSQL's own words quote the values that were to be stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.types import Unfit

_NO_TABLE, _NO_COLUMN = "42P01", "42703"
"""PostgreSQL's codes (documentation, appendix A)."""


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Raise `StoreRefused` or `StoreUnavailable` for whatever goes wrong in the database called `name`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _plain(error, name) from None


def _plain(error: SQLAlchemyError, name: str) -> Exception:
    if isinstance(error, (IntegrityError, DataError)):
        return StoreRefused(f"This cannot be stored: it breaks a rule of the tables{_detail(error.orig)}.")
    if isinstance(error, DBAPIError):
        if _lacks_tables(error.orig):
            return StoreUnavailable(f"The database {name} lacks tables: run `oberih db upgrade`.")
        detail = _detail(error.orig)
        return StoreUnavailable(f"The database {name} does not answer{detail}: start it, or correct OBERIH_DATABASE.")
    if isinstance(error, StatementError):
        reason = error.orig if isinstance(error.orig, Unfit) else "a value has the wrong type"
        return StoreRefused(f"This cannot be stored: {reason}.")
    return StoreUnavailable(f"The database {name} is too busy: try again.")


def _lacks_tables(cause: Any) -> bool:
    code = getattr(cause, "pgcode", None)
    return code in (_NO_TABLE, _NO_COLUMN) or str(cause).startswith(("no such table", "no such column"))


def _detail(cause: Any) -> str:
    """SQLite's words, which name tables and columns only; of PostgreSQL's, the rule's name and the code."""
    if type(cause).__module__ == "sqlite3":
        return f" ({cause})"
    code = getattr(cause, "pgcode", None)
    rule = cause.diag.constraint_name if code else None
    return f" ({rule or code})" if code else ""
