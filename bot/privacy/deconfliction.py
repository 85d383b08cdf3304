"""K, the deconfliction key that all desks share: under it two desks can find that they follow the same lead.

Every desk has its own copy, signed by its V and sealed to its D, so that nobody who can write to the database
can slip in a key of their own and read the tags made under it.
"""

import json
import secrets

from bot.privacy import signing
from bot.privacy.derive import KEY_BYTES
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import Label, SealError, open_field, seal_field

_WHAT = "deconfliction key"
_SIGNATURE_BYTES = 64


def new_key() -> bytes:
    """Return a new K: 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def seal_key(key: bytes, desk: OpenDesk) -> bytes:
    """Return a desk's copy of K."""
    signature = desk.keys.sign(_WHAT, _message(key, desk))
    return seal_field(_label(desk), signature + key, [desk.keys.recipient])


def open_key(sealed: bytes, desk: OpenDesk) -> bytes:
    """Return K.

    Raises:
        SealError: the copy is another desk's or generation's, or this desk did not sign it.
    """
    content = open_field(_label(desk), sealed, desk.keys.identity)
    signature, key = content[:_SIGNATURE_BYTES], content[_SIGNATURE_BYTES:]
    try:
        signing.verify(desk.pin.verify_key, _WHAT, _message(key, desk), signature)
    except signing.SignatureError as error:
        raise SealError(f"Desk {desk.pin.desk} did not sign this deconfliction key: use none of its tags.") from error
    return key


def _label(desk: OpenDesk) -> Label:
    return Label(desk.pin.desk, _WHAT, desk.pin.generation)


def _message(key: bytes, desk: OpenDesk) -> bytes:
    return json.dumps([desk.pin.desk, desk.pin.generation, key.hex()]).encode("ascii")
