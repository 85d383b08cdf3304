"""What browsers send: small forms. Nothing of them is ever repeated in an error."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

LONGEST = 1000
"""Characters of one value; a passphrase is shorter."""
MOST_FIELDS = 20
_TYPE = "application/x-www-form-urlencoded"


class Malformed(Exception):
    """A request is not one of our forms."""


async def read(request: Request, longest: int = LONGEST, most_fields: int = MOST_FIELDS) -> Mapping[str, str]:
    """Return the fields of a form, the ends of lines as one character.

    Args:
        request: the request.
        longest: characters that a value may have.
        most_fields: how many fields there may be.

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
            max_num_fields=most_fields,
        )
    except ValueError:
        raise Malformed from None
    # Browsers send two characters for each end of a line.
    fields = {name: value.replace("\r\n", "\n") for name, value in pairs}
    if len(fields) != len(pairs) or any(len(value) > longest for value in fields.values()):
        raise Malformed
    return fields
