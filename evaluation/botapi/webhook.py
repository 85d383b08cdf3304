"""Deliveries to the bot's webhook (source: WebhookActor.cpp of the open server; setWebhook of the Bot API).

A refused update is sent again at once, then after 2, 4, 8 … seconds, up to a random 60 to 120, until it is 24 hours
old (a button press: 150 seconds); `Retry-After` is obeyed. Left out: certificates, the ports and the https that the
public servers ask for (a server run with `--local` takes http too), and the end of a webhook that answers 410 for
23 hours.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from evaluation.botapi.clock import Clock
from evaluation.botapi.updates import Pending, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_DELAY = 60
LONGEST_RETRY_AFTER = 3600
Answer = Callable[[str, dict[str, str]], Awaitable[None]]


@dataclass(frozen=True)
class Hook:
    """Where updates go."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""


@dataclass(frozen=True)
class Delivery:
    """One attempt: what was sent at what real time (`time.monotonic`), and the status, or what went wrong."""

    update_id: int
    at: float
    outcome: str


class Webhook:
    """The webhook of the bot, if one is set. `scale` shortens the waits between attempts; `seconds` is how long an
    answer may take (the real server: 60). `proxies` stands for the TLS proxies in front of bots: what is sent to a
    public address, such as https://help.example.org, goes to the address behind it, with the public name as host."""

    def __init__(self, updates: Updates, clock: Clock, answer: Answer, scale: float = 1.0, seconds: float = 60.0):
        self._updates, self._clock, self._answer = updates, clock, answer
        self.scale, self.seconds = scale, seconds
        self.hook: Hook | None = None
        self.proxies: dict[str, str] = {}
        self.last_error: tuple[int, str] | None = None
        self.deliveries: list[Delivery] = []
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._connections = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None

    async def set(self, hook: Hook) -> None:
        """Start delivering to this address; a webhook that is set again as it was goes on."""
        if hook == self.hook:
            return
        await self.remove()
        self.hook, self.last_error = hook, None
        self._connections = asyncio.Semaphore(hook.max_connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=hook.max_connections),
            timeout=aiohttp.ClientTimeout(total=self.seconds),
        )
        self._updates.on_arrival.append(self._start_lanes)
        self._start_lanes()

    async def remove(self) -> None:
        """Stop at once: what is under way and not answered stays unconfirmed."""
        self.hook = None
        if self._start_lanes in self._updates.on_arrival:
            self._updates.on_arrival.remove(self._start_lanes)
        lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _start_lanes(self) -> None:
        for name in {update.lane for update in self._updates.pending()}:
            if name not in self._lanes or self._lanes[name].done():
                self._lanes[name] = asyncio.ensure_future(self._lane(name))

    async def _lane(self, name: str) -> None:
        while update := next((update for update in self._updates.pending() if update.lane == name), None):
            await self._deliver(update)
        self._lanes.pop(name, None)

    async def _deliver(self, update: Pending) -> None:
        """Try until it is taken, dropped, or too old."""
        delay, failures = 1.0, 0
        while any(update is other for other in self._updates.pending()):
            async with self._connections:
                taken, retry_after = await self._post(update)
            if taken:
                self._updates.forget(update.id)
                return
            wait = float(min(retry_after, LONGEST_RETRY_AFTER))
            if not retry_after and failures:
                wait = delay = min(random.uniform(LONGEST_DELAY, 2 * LONGEST_DELAY), delay * 2)
            if self._clock.now() + wait > update.expires:
                self._updates.forget(update.id)
                return
            failures += 1
            await asyncio.sleep(wait * self.scale)

    async def _post(self, update: Pending) -> tuple[bool, int]:
        """Send once: whether it was taken, and the seconds that `Retry-After` asks for."""
        assert self.hook is not None and self._session is not None
        headers = {"Content-Type": "application/json"}
        if self.hook.secret:
            headers[SECRET_HEADER] = self.hook.secret
        public = urlsplit(self.hook.url)
        behind = self.proxies.get(f"{public.scheme}://{public.netloc}")
        url = f"{behind}{public.path}" if behind else self.hook.url
        headers["Host"] = public.netloc
        body = json.dumps(self._updates.hand_out(update)).encode()
        started = asyncio.get_running_loop().time()
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                content = await response.read()
                status, reason, after = response.status, response.reason, response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            timed_out = isinstance(error, asyncio.TimeoutError)
            self._failed(update, started, "Read timeout expired" if timed_out else "Connection failed")
            return False, 0
        if not 200 <= status <= 299:
            self._failed(update, started, f"Wrong response from the webhook: {status} {reason}")
            return False, int(after) if after.isdigit() else 0
        self.deliveries.append(Delivery(update.id, started, str(status)))
        await self._call_in_answer(content)
        return True, 0

    def _failed(self, update: Pending, started: float, reason: str) -> None:
        self.deliveries.append(Delivery(update.id, started, reason))
        self.last_error = (int(self._clock.now()), reason)

    async def _call_in_answer(self, content: bytes) -> None:
        """A method named in the answer's body is called; what comes of it is not told ("Making requests")."""
        try:
            call: Any = json.loads(content or b"null")
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            method = call.pop("method")
            if not method.lower().startswith(("get", "setwebhook", "deletewebhook", "close", "logout")):
                values = {key: v if isinstance(v, str) else json.dumps(v) for key, v in call.items()}
                await self._answer(method, values)
