"""What browsers send: small forms. Nothing of them is ever repeated in an error."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

LONGEST = 1000
"""Characters of one value; a passphrase is shorter."""
_MOST_FIELDS = 20
_TYPE = "application/x-www-form-urlencoded"


class Malformed(Exception):
    """A request is not one of our forms."""


async def read(request: Request) -> Mapping[str, str]:
    """Return the fields of a form.

    Raises:
        Malformed: it is none of ours: another type, a field twice, too many fields, or too long.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != _TYPE:
        raise Malformed
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Malformed from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or any(len(value) > LONGEST for value in fields.values()):
        raise Malformed
    return fields
