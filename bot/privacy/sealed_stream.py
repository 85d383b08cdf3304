"""Sealing something long to age recipients piece by piece, so that it never lies in memory or on disk as a whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

import pyrage

from bot.privacy.seal import SealError


def seal_stream(pieces: Iterator[bytes], target: BinaryIO, recipients: Sequence[str]) -> None:
    """Write an age file of all pieces together.

    Raises:
        SealError: there is no recipient, one is malformed, or the pieces could not be made or written.
    """
    if not recipients:
        raise SealError("Nothing is sealed to nobody: name at least one recipient.")
    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError as error:
        raise SealError("A recipient is not an age recipient (age1…).") from error
    try:
        pyrage.encrypt_io(_Source(pieces), target, keys)
    except pyrage.EncryptError:
        # Not chained: it repeats what went wrong in making the pieces, in whatever words.
        raise SealError("What was to be sealed could not be read or written to its end.") from None


def open_stream(source: BinaryIO, take: Callable[[bytes], None], identity: str) -> None:
    """Hand what was sealed to `take`, piece by piece; what `take` raises comes out as it is.

    Nothing is certain before this returns: a file may turn out to be damaged at its end.

    Raises:
        SealError: it was sealed to others, is damaged, or is no age file.
    """
    try:
        key = pyrage.x25519.Identity.from_str(identity)
    except pyrage.IdentityError:
        # Not chained: no part of a private key may come near a log.
        raise SealError("This is not an age identity.") from None
    try:
        pyrage.decrypt_io(source, _Target(take), [key])
    except (pyrage.DecryptError, OSError):
        raise SealError("This does not open with this key: it is sealed to others, or damaged.") from None


class _Source:
    """The pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece
        end = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:end], self._rest[end:]
        return given


class _Target:
    """A file to write to that hands everything on."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    def write(self, piece: bytes) -> int:
        self._take(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""
