"""The pins: which public keys belong to which desk, kept outside the database and signed.

The chat seals only to a pinned desk, so whoever changes the database cannot redirect reports. Each desk
has a chain: its first keys are signed by the recovery key's root, later ones by the root or by the desk's
own V before the change. The pins also name, signed, the public half of R to which desks wrap their secret.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from bot.privacy import signing
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.recovery import Recovery

_VERSION = 1
Signer = Literal["root", "desk"]


class PinError(Exception):
    """The pins cannot be trusted, or a desk is not pinned."""


@dataclass(frozen=True)
class Pin:
    """A desk's public keys: D's recipient (`age1…`) and V's public half (64 hexadecimal digits)."""

    desk: str
    generation: int
    recipient: str
    verify_key: str


@dataclass(frozen=True)
class SignedPin:
    """A pin and the signature by which it counts: the root's, or the desk's before it."""

    pin: Pin
    signed_by: Signer
    signature: str


@dataclass(frozen=True)
class Pins:
    """All pins of a site; `recovery` is R's recipient."""

    recovery: str
    recovery_signature: str
    chains: Mapping[str, tuple[SignedPin, ...]]

    def current(self, desk: str) -> Pin:
        """Return the pin that counts now.

        Raises:
            PinError: this desk is not pinned.
        """
        if desk not in self.chains:
            raise PinError(f"Desk {desk} is not pinned: nothing can be sealed to it.")
        return self.chains[desk][-1].pin

    @property
    def verify_keys(self) -> Mapping[str, tuple[str, ...]]:
        """The public halves of every V that a desk ever had, by desk; the one that counts now last."""
        return {desk: tuple(signed.pin.verify_key for signed in chain) for desk, chain in self.chains.items()}

    def of(self, desk: str, generation: int) -> Pin:
        """Return the pin of one generation of a desk's keys; 1 is its first.

        Raises:
            PinError: this desk never had such keys.
        """
        chain = self.chains.get(desk, ())
        if not 1 <= generation <= len(chain):
            raise PinError(f"Desk {desk} has no keys of generation {generation} in the pin file.")
        return chain[generation - 1].pin


def start(recovery: Recovery) -> Pins:
    """Return the pins of a new site: no desk yet, R's recipient signed by its root."""
    signature = signing.sign(recovery.root, "recovery", recovery.recipient.encode("ascii"))
    return Pins(recovery.recipient, signature.hex(), MappingProxyType({}))


def add_by_root(pins: Pins, desk: str, keys: DeskKeys, recovery: Recovery) -> Pins:
    """Pin a new desk, or a desk's new keys, under the root's signature."""
    pin, message = _next(pins, desk, keys)
    return _with(pins, SignedPin(pin, "root", signing.sign(recovery.root, "pin", message).hex()))


def add_by_desk(pins: Pins, desk: str, keys: DeskKeys, before: DeskKeys) -> Pins:
    """Pin a desk's new keys under the signature of the keys it had before.

    Raises:
        PinError: the desk is not pinned, or `before` are not its current keys.
    """
    if pins.current(desk).verify_key != before.verify_key:
        raise PinError(f"These are not the current keys of desk {desk}: log in again and repeat the change.")
    pin, message = _next(pins, desk, keys)
    return _with(pins, SignedPin(pin, "desk", before.sign("pin", message).hex()))


def under_new_root(pins: Pins, recovery: Recovery) -> Pins:
    """Return the same pins under a new recovery key: its root signs every pin of every chain anew.

    Nothing of the old root is left to show that it agreed, so whoever does this must have opened every desk with
    a member's key: what opens has to be what is pinned.
    """
    fresh = start(recovery)
    for desk, chain in pins.chains.items():
        before, signed = "", []
        for each in chain:
            signature = signing.sign(recovery.root, "pin", _message(each.pin, before))
            signed.append(SignedPin(each.pin, "root", signature.hex()))
            before = each.pin.verify_key
        fresh = Pins(fresh.recovery, fresh.recovery_signature, MappingProxyType({**fresh.chains, desk: tuple(signed)}))
    return fresh


def to_json(pins: Pins) -> str:
    """Return the pins as the text of the pin file."""
    desks = {
        desk: [
            {
                "generation": signed.pin.generation,
                "recipient": signed.pin.recipient,
                "verify_key": signed.pin.verify_key,
                "signed_by": signed.signed_by,
                "signature": signed.signature,
            }
            for signed in chain
        ]
        for desk, chain in sorted(pins.chains.items())
    }
    content = {
        "version": _VERSION,
        "recovery": pins.recovery,
        "recovery_signature": pins.recovery_signature,
        "desks": desks,
    }
    return json.dumps(content, indent=2) + "\n"


def from_json(text: str, root: str) -> Pins:
    """Return the pins of a pin file, every signature of every chain checked.

    Args:
        text: the file's content.
        root: the public half of the recovery key's root, 64 hexadecimal digits.

    Raises:
        PinError: the file is damaged, or something in it is not signed as it must be.
    """
    try:
        content: dict[str, Any] = json.loads(text)
        if content["version"] != _VERSION:
            raise PinError("The pin file is of a version that this program does not know.")
        chains = {
            desk: tuple(_signed_pin(desk, entry) for entry in entries) for desk, entries in content["desks"].items()
        }
        pins = Pins(content["recovery"], content["recovery_signature"], MappingProxyType(chains))
        _check(root, "recovery", pins.recovery.encode("ascii"), pins.recovery_signature, "the recovery key")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PinError("The pin file is damaged: restore it from a backup.") from error
    for desk, chain in pins.chains.items():
        _check_chain(desk, chain, root)
    return pins


def _signed_pin(desk: str, entry: dict[str, Any]) -> SignedPin:
    pin = Pin(desk, int(entry["generation"]), str(entry["recipient"]), str(entry["verify_key"]))
    if entry["signed_by"] not in ("root", "desk"):
        raise ValueError("unknown signer")
    return SignedPin(pin, entry["signed_by"], str(entry["signature"]))


def _check_chain(desk: str, chain: tuple[SignedPin, ...], root: str) -> None:
    before = ""
    for generation, signed in enumerate(chain, 1):
        if signed.pin.generation != generation or (signed.signed_by == "desk" and not before):
            raise PinError(f"The pins of desk {desk} are not whole: restore the pin file from a backup.")
        signer = root if signed.signed_by == "root" else before
        _check(signer, "pin", _message(signed.pin, before), signed.signature, f"desk {desk}")
        before = signed.pin.verify_key
    if not chain:
        raise PinError(f"The pins of desk {desk} are not whole: restore the pin file from a backup.")


def _check(signer: str, purpose: str, message: bytes, signature: str, what: str) -> None:
    try:
        signing.verify(signer, purpose, message, bytes.fromhex(signature))
    except (signing.SignatureError, ValueError) as error:
        raise PinError(f"The pin of {what} is not signed as it must be: seal nothing until it is restored.") from error


def _next(pins: Pins, desk: str, keys: DeskKeys) -> tuple[Pin, bytes]:
    chain = pins.chains.get(desk, ())
    pin = Pin(desk, len(chain) + 1, keys.recipient, keys.verify_key)
    return pin, _message(pin, chain[-1].pin.verify_key if chain else "")


def _message(pin: Pin, before: str) -> bytes:
    return json.dumps([pin.desk, pin.generation, pin.recipient, pin.verify_key, before]).encode("ascii")


def _with(pins: Pins, signed: SignedPin) -> Pins:
    desk = signed.pin.desk
    chains = {**pins.chains, desk: (*pins.chains.get(desk, ()), signed)}
    return Pins(pins.recovery, pins.recovery_signature, MappingProxyType(chains))
