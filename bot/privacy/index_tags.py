"""Index tags: what stands for an identifier in the database, equal for equal ones, telling nothing without the key."""

import hmac


def tag(key: bytes, kind: str, value: str) -> bytes:
    """Return an identifier's tag: HMAC-SHA256 of its kind and normal form.

    Args:
        key: X, the desk's own, or K, which all desks share; 32 bytes.
        kind, value: from `bot.reports.identifiers`.
    """
    return hmac.digest(key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), "sha256")
