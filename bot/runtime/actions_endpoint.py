"""Rasa's custom actions, run in this process instead of over HTTP."""

import logging
from typing import Any, Optional

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

_log = logging.getLogger("oberih.actions")
FAILED = "utter_something_failed"


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that calls the executor of rasa-sdk directly.

    The one place where every exception of an action is caught: the person is told plainly that their
    message was not worked on, and the log gets the kind of error and no more, because error messages
    can quote what people wrote.
    """

    def __init__(self, package: str) -> None:
        super().__init__(url="in-process")
        self.kwargs = {"enable_selective_domain": True}
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *arguments: Any, json: Optional[dict[str, Any]] = None, **options: Any) -> Any:
        """Run the action of a call and return its events and responses."""
        call: dict[str, Any] = json or {}
        try:
            return await self._executor.run(call)
        except Exception as error:  # noqa: BLE001
            _log.error("action %s failed: %s", call.get("next_action"), type(error).__name__)
            return {"events": [], "responses": [{"response": FAILED}]}
