"""How a person comes to belong to a desk: invited by a code, they make their own keys, and a member admits them.

The invitation carries no key, so whoever does not hold the desk's secret can invite too. Its code (128 random bits)
is told to one person and lies sealed to the desk. With it the invited person vouches for the public key that they
made, and the member who admits them checks that: whoever writes to the database can neither invite (invitations are
signed by somebody who may) nor put their own key in the place of the invited person's (for that they lack the code).
"""

import hmac
import json
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from bot.privacy import delegates
from bot.privacy.delegates import Writer, member_id
from bot.privacy.derive import bech32_bytes, bech32_text, hkdf
from bot.privacy.powers import Act, Role, may
from bot.privacy.roster import Listed, Member, OpenDesk, RosterError, listed_as
from bot.privacy.seal import Label, SealError, open_field, seal_field
from bot.privacy.signing import SignatureError

_CODE_PREFIX = "join"
_CODE_BYTES = 16
_PURPOSE = "invitation"
_FORGED = (
    "Nobody who may invite made this invitation under the desk's present keys: withdraw it and invite anew, and if "
    "those keys are not new, find out where it comes from."
)


@dataclass(frozen=True)
class Invitation:
    """A place at a desk for one person, as it is stored: no part of it opens anything.

    Attributes:
        id: derived from the code, which it does not give away.
        inviter: the id of whoever invited.
        expires: with its time zone.
        sealed_code: the code, sealed to D.
        signature: the desk's or its delegate's.
    """

    id: str
    desk: str
    role: Role
    inviter: str
    expires: datetime
    sealed_code: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True)
class Applicant:
    """Somebody who was invited and asks to be admitted; `proof`: 32 bytes that only the code could make."""

    name: str
    member: Member
    proof: bytes = field(repr=False)


def invite(writer: Writer, role: Role, inviter: str, expires: datetime) -> tuple[str, Invitation]:
    """Return a code, to be told once and kept nowhere, and the invitation."""
    code, pin = secrets.token_bytes(_CODE_BYTES), writer.pin
    sealed = seal_field(_label(pin.desk, pin.generation), code, [pin.recipient])
    unsigned = Invitation(_id(code), pin.desk, role, inviter, expires, sealed, b"")
    signature = writer.sign(_PURPOSE, _message(unsigned, pin.generation))
    text = bech32_text(_CODE_PREFIX, code)
    shown = "-".join(text[start : start + 6] for start in range(0, len(text), 6))
    return shown, replace(unsigned, signature=signature)


def invitation_id(code: str) -> str:
    """Return under which id an invitation lies.

    Raises:
        RosterError: the code is mistyped.
    """
    return _id(_parse(code))


def apply(code: str, invitation: Invitation, name: str, member: Member) -> Applicant:
    """Return the invited person's request, which their code vouches for.

    Raises:
        RosterError: the code is mistyped.
    """
    return Applicant(name, member, _proof(_parse(code), invitation, name, member))


def check(desk: OpenDesk, members: Collection[Listed], invitation: Invitation, applicant: Applicant) -> Listed:
    """Return the line under which an applicant comes onto the desk's list.

    Raises:
        RosterError: nobody who may invite signed the invitation, or its code does not vouch for this applicant.
    """
    _check_signature(desk, members, invitation)
    try:
        sealed_to = _label(desk.pin.desk, desk.pin.generation)
        code = open_field(sealed_to, invitation.sealed_code, desk.keys.identity)
    except SealError as error:
        raise RosterError(_FORGED) from error
    proof = _proof(code, invitation, applicant.name, applicant.member)
    if _id(code) != invitation.id or not hmac.compare_digest(proof, applicant.proof):
        raise RosterError("This is not who was invited: somebody changed the request. Withdraw it, and invite anew.")
    return listed_as(applicant.name, applicant.member, invitation.role)


def check_number(recipient: str) -> str:
    """Return eight digits that the applicant and the admitting member compare: those of another key are others."""
    number = int.from_bytes(sha256(b"oberih/v1/check number\0" + recipient.encode()).digest()[:8], "big")
    digits = f"{number % 10**8:08}"
    return f"{digits[:4]} {digits[4:]}"


def _check_signature(desk: OpenDesk, members: Collection[Listed], invitation: Invitation) -> None:
    message = _message(invitation, desk.pin.generation)
    try:
        key = delegates.verify(desk.pin, invitation.inviter, _PURPOSE, message, invitation.signature)
    except SignatureError as error:
        raise RosterError(_FORGED) from error
    if not key:
        return
    listed = next((each for each in members if member_id(each.recipient) == invitation.inviter), None)
    if listed is None or listed.verify_key != key or listed.role is None or not may(listed.role, Act.INVITE):
        raise RosterError(_FORGED)


def _proof(code: bytes, invitation: Invitation, name: str, member: Member) -> bytes:
    said = json.dumps([invitation.desk, invitation.role.value, name, member.recipient, member.verify_key])
    return hmac.digest(hkdf(code, "oberih/v1/invitation/proof"), said.encode("ascii"), "sha256")


def _message(invitation: Invitation, generation: int) -> bytes:
    expires = invitation.expires.replace(microsecond=0).isoformat()
    parts = [invitation.desk, generation, invitation.id, invitation.role.value, invitation.inviter, expires]
    return json.dumps(parts).encode("ascii")


def _label(desk: str, generation: int) -> Label:
    return Label(desk, "invitation", generation)


def _id(code: bytes) -> str:
    return hkdf(code, "oberih/v1/invitation/id")[:16].hex()


def _parse(code: str) -> bytes:
    text = "".join(character for character in unicodedata.normalize("NFKC", code) if character.isalnum()).upper()
    try:
        found = bech32_bytes(_CODE_PREFIX, text)
    except ValueError:
        raise RosterError("This is not an invitation code: copy it again, all of it.") from None
    if len(found) != _CODE_BYTES:
        raise RosterError("This is not an invitation code: copy it again, all of it.")
    return found
