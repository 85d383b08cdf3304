"""What goes wrong on purpose: the next calls of a method ("file": downloads) fail, hang, or lose their answer."""

from dataclasses import dataclass
from typing import Literal

from evaluation.botapi.errors import ApiError, too_many_requests

Kind = Literal["error", "garbage", "drop", "lose", "hang"]


@dataclass
class Fault:
    """One planned fault: for this method in lower case ("" for any), this chat (None for any), so many times."""

    kind: Kind
    method: str
    chat_id: int | None
    times: int
    error: ApiError | None = None
    seconds: float = 0.0


class Faults:
    """Planned faults, used up in the order in which they were planned."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def fail(self, method: str, code: int, description: str, *, times: int = 1, chat_id: int | None = None) -> None:
        """Refuse with this status and description; nothing is done."""
        self._plan(Fault("error", method, chat_id, times, ApiError(code, description)))

    def too_many(self, method: str, retry_after: int, *, times: int = 1, chat_id: int | None = None) -> None:
        """Refuse with 429 and the seconds to wait; nothing is done."""
        self._plan(Fault("error", method, chat_id, times, too_many_requests(retry_after)))

    def garbage(self, method: str, *, times: int = 1, chat_id: int | None = None) -> None:
        """Answer 502 with a page of HTML, as a gateway before the service does; nothing is done."""
        self._plan(Fault("garbage", method, chat_id, times))

    def drop(self, method: str, *, times: int = 1, chat_id: int | None = None) -> None:
        """Cut the connection before anything is done."""
        self._plan(Fault("drop", method, chat_id, times))

    def lose_answer(self, method: str, *, times: int = 1, chat_id: int | None = None) -> None:
        """Do what was asked, then cut the connection: the caller cannot know that it was done."""
        self._plan(Fault("lose", method, chat_id, times))

    def hang(self, method: str, seconds: float, *, times: int = 1, chat_id: int | None = None) -> None:
        """Do what was asked, but answer only after so many seconds."""
        self._plan(Fault("hang", method, chat_id, times, seconds=seconds))

    def next(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that strikes this call, used up once."""
        for fault in self._planned:
            if fault.method in ("", method.lower()) and fault.chat_id in (None, chat_id):
                fault.times -= 1
                if not fault.times:
                    self._planned.remove(fault)
                return fault
        return None

    def waits(self, method: str, chat_id: int | None = None) -> bool:
        """A fault is planned for this method and this chat, and has not struck yet."""
        return any((fault.method, fault.chat_id) == (method.lower(), chat_id) for fault in self._planned)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()

    def _plan(self, fault: Fault) -> None:
        fault.method = fault.method.lower()
        self._planned.append(fault)
