"""Sessions of members at work. What one holds is sealed under a key that exists only in the browser's cookie.

The cookie is a random token. From it come the session's id, by which it is found here; the key, which seals what
it holds; and the CSRF token. Only the id stays in this process between requests, so its memory opens nothing
without a cookie. A session ends after an hour. After 15 idle minutes it is locked: it forgets everything but
whose it is, and asks for the passphrase again.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Optional

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.privacy.derive import KEY_BYTES, hkdf

LONGEST_SECONDS = 60 * 60.0
IDLE_SECONDS = 15 * 60.0
WHO = "who"
"""The drawer that a lock leaves: the desk, the member, and whether a second factor was shown."""
_NONCE_BYTES = 12


class SessionOver(Exception):
    """A session ended, or was locked, while it was being used."""


@dataclass
class Kept:
    """What stays in this process of a session: sealed drawers by name, and two readings of a clock, in seconds."""

    started: float
    used: float
    drawers: dict[str, bytes] = field(default_factory=dict, repr=False)
    locks: int = 0
    """How often it was locked, or ended."""
    updating: Lock = field(default_factory=Lock, repr=False)


class Session:
    """A session while a request holds its cookie."""

    def __init__(self, kept: Kept, token: bytes, now: float) -> None:
        self._kept = kept
        self._locks = kept.locks
        self._now = now
        self._cipher = AESGCM(hkdf(token, "oberih/v1/desk session/key"))
        self.csrf = hkdf(token, "oberih/v1/desk session/csrf").hex()
        """What every form of this session carries."""

    @property
    def locked(self) -> bool:
        """Whether the passphrase is needed again."""
        return set(self._kept.drawers) <= {WHO}

    def put(self, drawer: str, value: Any) -> None:
        """Keep a value that JSON can write."""
        self.put_bytes(drawer, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))

    def put_bytes(self, drawer: str, content: bytes) -> None:
        """Keep bytes.

        Raises:
            SessionOver: it was locked, or ended, since the request began.
        """
        if self._kept.locks != self._locks:
            raise SessionOver
        nonce = secrets.token_bytes(_NONCE_BYTES)
        self._kept.drawers[drawer] = nonce + self._cipher.encrypt(nonce, content, drawer.encode("ascii"))

    def get(self, drawer: str) -> Any:
        """Return what was put into a drawer.

        Raises:
            SessionOver: it is empty.
        """
        return json.loads(self.get_bytes(drawer))

    def get_bytes(self, drawer: str) -> bytes:
        """Return the bytes that were put into a drawer.

        Raises:
            SessionOver: it is empty.
        """
        sealed = self._kept.drawers.get(drawer)
        if sealed is None:
            raise SessionOver
        try:
            return self._cipher.decrypt(
                sealed[:_NONCE_BYTES], memoryview(sealed)[_NONCE_BYTES:], drawer.encode("ascii")
            )
        except InvalidTag:
            raise SessionOver from None

    def holds(self, drawer: str) -> bool:
        """Return whether there is anything in a drawer."""
        return drawer in self._kept.drawers

    def drop(self, drawer: str) -> None:
        """Empty a drawer."""
        self._kept.drawers.pop(drawer, None)

    def unlock(self, drawer: str, value: Any) -> None:
        """Open a locked session again: keep a value, and count its idle time from now."""
        self._kept.used = self._now
        self.put(drawer, value)

    @contextmanager
    def updating(self) -> Iterator[None]:
        """Let no other request change what several drawers hold together."""
        with self._kept.updating:
            yield

    def lock(self) -> None:
        """Forget everything but whose session it is."""
        _lock(self._kept)


class Sessions:
    """All sessions of this process. `clock` gives seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    def start(self) -> tuple[str, Session]:
        """Return a new session, and the token for its cookie, which is kept nowhere else."""
        token = secrets.token_bytes(KEY_BYTES)
        now = self._clock()
        kept = self._kept[_identifier(token)] = Kept(now, now)
        return token.hex(), Session(kept, token, now)

    def find(self, cookie: str) -> Optional[Session]:
        """Return the session of a cookie and restart its idle time; None where there is none any more."""
        token = _token(cookie)
        if token is None:
            return None
        self.sweep()
        kept = self._kept.get(_identifier(token))
        if kept is None:
            return None
        session = Session(kept, token, self._clock())
        if not session.locked:
            kept.used = self._clock()
        return session

    def forget(self, cookie: str) -> None:
        """End the session of a cookie, if there is one."""
        token = _token(cookie)
        kept = self._kept.pop(_identifier(token), None) if token is not None else None
        if kept is not None:
            _end(kept)

    def sweep(self) -> None:
        """End sessions that have lasted an hour, and lock those that were idle."""
        now = self._clock()
        for identifier, kept in list(self._kept.items()):
            if now - kept.started >= LONGEST_SECONDS:
                _end(kept)
                del self._kept[identifier]
            elif now - kept.used >= IDLE_SECONDS:
                _lock(kept)


def _end(kept: Kept) -> None:
    """Whoever still holds it finds it empty, and can put nothing into it."""
    kept.locks += 1
    kept.drawers.clear()


def _lock(kept: Kept) -> None:
    kept.locks += 1
    for drawer in [name for name in kept.drawers if name != WHO]:
        del kept.drawers[drawer]


def _identifier(token: bytes) -> str:
    return hkdf(token, "oberih/v1/desk session/id").hex()


def _token(cookie: str) -> Optional[bytes]:
    try:
        token = bytes.fromhex(cookie)
    except ValueError:
        return None
    return token if len(token) == KEY_BYTES else None
