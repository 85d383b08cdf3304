"""What may stand in every text or binary column: sealed, or in the clear for a stated reason.

A column that is on neither list fails the tests, and `types.py` and the CHECK constraints hold the
clear ones to their values. The clear fields of a ticket are those of the design, section 5, and no more; the
outcome, which its tombstone keeps, is there from closing on, because what makes tombstones has no desk's key.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.store import records

_RANDOM = "a random id"
_PUBLIC = "a public age key"

SEALED: Mapping[str, str] = MappingProxyType(
    {
        "desk_secret.sealed_secret": "S in an age file to the members' U and to R, beside their public keys",
        "desk_secret.sealed_earlier": "the secret before, an age file to D",
        "desk_secret.sealed_shared_key": "K, an age file to D",
        "member.locked_identity": "U under argon2id of the passphrase and authenticated encryption",
        "second_factor.sealed": "the secret of a member's one-time codes, an age file to that member's U",
        "invitation.sealed_code": "the invitation's code, an age file to D",
        "invitation.locked_identity": "U of whoever asks to be admitted, under argon2id of the passphrase",
        "invitation.sealed_factor": "the secret of their one-time codes, an age file to that U",
        "ticket.sealed_body": "the ticket, an age file to D",
        "ticket.sealed_terms": "what holds for the receipt, an age file to Q",
        "outbox.ciphertext": "an age file to the target's own key, or a notice without content",
        "message.sealed_to_desk": "an age file to D",
        "message.sealed_to_receipt": "an age file to Q",
        "index_entry.own": "a ticket's index tags, AES-GCM under a key derived from X",
        "index_entry.shared": "the tags that other desks may find, AES-GCM under a key derived from K",
        "audit.sealed_reason": "a reason, an age file to D",
        "worksheet.sealed": "what a desk keeps on a ticket for itself (notes, tags, who is on it), signed by V, to D",
        "desk_sheet.sealed": "a desk's saved views and list of tags, signed by V, to D",
    }
)
"""Columns that only key holders can read, and who that is."""

ENUMERATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "invitation.role": records.ROLES,
        "ticket.kind": records.KINDS,
        "ticket.concern": records.CONCERNS,
        "ticket.level": records.LEVELS,
        "ticket.platform_kind": records.PLATFORM_KINDS,
        "ticket.state": records.STATES,
        "ticket.indexed": records.INDEXED,
        "desk.sharing": records.SHARING,
        "audit.action": records.ACTIONS,
        "ticket.outcome": records.OUTCOMES,
        "message.direction": records.DIRECTIONS,
        "hold.reason": records.HOLD_REASONS,
    }
)
"""Columns that hold one word of a list, which a CHECK constraint enforces."""

SAFE: Mapping[str, str] = MappingProxyType(
    {
        "desk.id": "the desk's id in the site's settings",
        "desk_secret.desk": "a desk's id",
        "member.id": _RANDOM,
        "member.desk": "a desk's id",
        "member.name": "the login name that a member of staff chose; a pseudonym will do",
        "member.recipient": _PUBLIC,
        "second_factor.id": "a member's id",
        "invitation.id": _RANDOM,
        "invitation.desk": "a desk's id",
        "invitation.inviter": "a member's id",
        "invitation.signature": "an Ed25519 signature of whoever invited",
        "invitation.name": "the login name that an invited person chose; a pseudonym will do",
        "invitation.recipient": _PUBLIC,
        "invitation.verify_key": "a public Ed25519 key",
        "invitation.proof": "an HMAC under a key from the invitation's code, 32 bytes",
        "ticket.id": _RANDOM,
        "ticket.desk": "a desk's id",
        "ticket.receipt_tag": "HMAC under the pepper, 32 bytes; without it, no receipt can be tried against it",
        "ticket.question_recipient": _PUBLIC,
        "outbox.id": _RANDOM,
        "outbox.ticket": "a ticket's id",
        "outbox.target": "a target's name in the site's settings, never an address",
        "outbox.key": "a random key against sending twice, or the target's public age key",
        "message.id": _RANDOM,
        "message.ticket": "a ticket's id",
        "message.signature": "an Ed25519 signature over sealed bytes, 64 bytes",
        "index_entry.ticket": "a ticket's id",
        "audit.desk": "a desk's id",
        "audit.member": "a member's id",
        "audit.subject": "the id of a ticket, a member or a desk",
        "audit.reason": "a hash of random bytes and a sealed reason, 32 bytes",
        "audit.before": "the hash of the entry before, 32 bytes",
        "audit.signature": "the signature of V, or of a member whose key V certified, over the entry",
        "hold.ticket": "a ticket's id",
        "worksheet.ticket": "a ticket's id",
        "worksheet.desk": "a desk's id",
        "desk_sheet.desk": "a desk's id",
        "watch.desk": "a desk's id",
    }
)
"""Columns in the clear that cannot be enumerated, and why that is safe."""

MOMENTS: Mapping[str, str] = MappingProxyType(
    {
        "invitation.expires": "72 hours after an invitation: when a member worked, to the second, until it is used",
        "ticket.held_until": "the full hour at which a withdrawal is carried out; empty before it, and after",
        "audit.moment": "when a member did something, to the second",
        "watch.last_login": "the hour in which somebody last logged in at a desk; the one before is not kept",
        "watch.urgent_since": "the hour since which something urgent waits unseen at a desk; empty after a login",
        "watch.paged": "the hour in which the on-duty contact was told; empty after a login",
    }
)
"""Columns with a time finer than a day, and what it gives away. None tells when a person wrote."""
