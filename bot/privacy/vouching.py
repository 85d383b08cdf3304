"""What the chat server vouches for: that something came in through it, and not by way of the database.

Everybody can seal to a desk, so what opens there may have been made up by whoever writes to the database. Inside
the seal therefore stands a code that only the key folder can make (HMAC-SHA256 under a key from the pepper). It
stays true when its content is sealed anew, and it says nothing of who wrote.
"""

import hmac

from bot.privacy.derive import hkdf
from bot.privacy.seal import Label, SealError, mark_of

CODE_BYTES = 32


class NotVouched(SealError):
    """What opened did not come in through the chat, or was changed: it may be made up."""


def vouching_key(pepper: bytes) -> bytes:
    """Return the key under which a site vouches: 32 bytes."""
    return hkdf(pepper, "oberih/v1/vouch")


def vouched(key: bytes, label: Label, content: bytes) -> bytes:
    """Return a content with the code before it that binds it to its label."""
    return _code(key, label, content) + content


def read_vouched(key: bytes, label: Label, opened: bytes) -> bytes:
    """Return the content of what `vouched` made.

    Raises:
        NotVouched: it was made by somebody else, or for another label.
    """
    code, content = opened[:CODE_BYTES], opened[CODE_BYTES:]
    if not hmac.compare_digest(code, _code(key, label, content)):
        raise NotVouched("This did not come in through the chat of this site: it may be made up.")
    return content


def _code(key: bytes, label: Label, content: bytes) -> bytes:
    return hmac.digest(key, mark_of(label) + b"\0" + content, "sha256")
