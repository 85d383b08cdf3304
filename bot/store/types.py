"""Column types that let nothing in but what their column is for: no free text in the clear, no plain text as sealed.

SQLite keeps whatever it is given in any column. What somebody put there past this program reads as an empty or the
earliest value: it is then noticed like any other wrong one, and stops nobody from reading the other rows.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any, Optional

from sqlalchemy import Date, DateTime, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator

AGE_HEADER = b"age-encryption.org/v1\n"
"""How every age file begins (age specification, "Encrypted file format")."""


class Unfit(ValueError):
    """A value does not fit its column; the message never repeats the value."""


class _Text(TypeDecorator):  # type: ignore[type-arg]
    """Text of one pattern."""

    impl = String
    pattern: re.Pattern[str]
    length: int

    def __init__(self) -> None:
        super().__init__(self.length)

    def process_bind_param(self, value: Optional[str], dialect: Any) -> Optional[str]:
        if value is not None and not self.pattern.fullmatch(value):
            raise Unfit(f"a value is no {type(self).__name__}")
        return value


class Identifier(_Text):
    """A random id, or the name of something in the site's settings."""

    cache_ok = True
    pattern = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
    length = 64


class IdentifierOrEmpty(Identifier):
    """An id; empty where there is none."""

    cache_ok = True
    pattern = re.compile(rf"(?:{Identifier.pattern.pattern})?")


class LoginName(_Text):
    """The name by which a member logs in: letters of any script, digits, and a few marks between them."""

    cache_ok = True
    pattern = re.compile(r"\w(?:[\w .'’-]{0,62}\w)?")
    length = 64


class Recipient(_Text):
    """A public age key."""

    cache_ok = True
    pattern = re.compile(r"age1[02-9ac-hj-np-z]{58}")
    length = 62


class VerifyKey(_Text):
    """A public Ed25519 key, in hexadecimal digits."""

    cache_ok = True
    pattern = re.compile(r"[0-9a-f]{64}")
    length = 64


class RecipientOrEmpty(Recipient):
    """A public age key; empty where there is none any more."""

    cache_ok = True
    pattern = re.compile(rf"(?:{Recipient.pattern.pattern})?")


class Word(_Text):
    """A word of a list; the CHECK constraint beside it holds the list."""

    cache_ok = True
    pattern = re.compile(r"[a-z_]{1,16}")
    length = 16


class Bytes(LargeBinary):
    """Bytes; anything else that lies in their place reads as none."""

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Optional[bytes]]:
        """Return what reads a value."""

        def read(value: Any) -> Optional[bytes]:
            if value is None:
                return None
            return bytes(value) if isinstance(value, (bytes, memoryview)) else b""

        return read


class Number(TypeDecorator):  # type: ignore[type-arg]
    """A whole number; anything else that lies in its place reads as 0."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> Optional[int]:
        return value if value is None or isinstance(value, int) else 0


class AgeFile(TypeDecorator):  # type: ignore[type-arg]
    """Bytes that are an age file: a mistake cannot store plain text here."""

    impl = Bytes
    cache_ok = True

    def process_bind_param(self, value: Optional[bytes], dialect: Any) -> Optional[bytes]:
        if value is not None and not value.startswith(AGE_HEADER):
            raise Unfit("a value is not sealed")
        return value


class _Time(TypeDecorator):  # type: ignore[type-arg]
    """A day or a moment; what cannot be read as one reads as the earliest."""

    earliest: date

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], Any]:
        """Return what reads a value."""
        reads = super().result_processor(dialect, coltype)

        def read(value: Any) -> Any:
            if isinstance(value, str) and not value.isascii():
                # What reads times in SQLAlchemy fails on such text as if it were broken itself.
                return self.process_result_value(self.earliest, dialect)
            try:
                return reads(value) if reads else value
            except (ValueError, TypeError):
                return self.process_result_value(self.earliest, dialect)

        return read

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return value


class Moment(_Time):
    """A moment in UTC, without its zone, which SQLite does not know."""

    impl = DateTime
    cache_ok = True
    earliest = datetime.min


class Day(_Time):
    """A day; a moment is refused, because a date column would keep its time in one database and lose it in another."""

    impl = Date
    cache_ok = True
    earliest = date.min

    def process_bind_param(self, value: Optional[date], dialect: Any) -> Optional[date]:
        if isinstance(value, datetime):
            raise Unfit("a value is a moment, not a day")
        return value


class Hour(_Time):
    """A full hour in UTC, stored without a zone, which SQLite does not know; a finer moment is refused."""

    impl = DateTime
    cache_ok = True
    earliest = datetime.min

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        if value is None:
            return None
        if value.utcoffset() is None or (value.minute, value.second, value.microsecond) != (0, 0, 0):
            raise Unfit("a value is no full hour with its time zone")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        return value.replace(tzinfo=timezone.utc) if value is not None else None
