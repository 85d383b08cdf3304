"""The parameters of a call, read as leniently as the open server reads them (`get_integer_arg`, `to_bool`)."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.botapi.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A file of a multipart call."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Params:
    """Parameters by name, each as the text it came in; structured ones are JSON. `files` are keyed by their part."""

    values: Mapping[str, str]
    files: Mapping[str, Upload]

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def integer(self, name: str, default: int = 0, low: int | None = None, high: int | None = None) -> int:
        """A whole number, brought into its range; what is no number counts as the default."""
        value = default
        with contextlib.suppress(ValueError):
            value = int(self.text(name))
        if low is not None:
            value = max(low, value)
        return value if high is None else min(high, value)

    def structure(self, name: str) -> Any:
        """A parsed JSON parameter, None if it is absent.

        Raises:
            ApiError: it is no JSON.
        """
        if not self.text(name):
            return None
        try:
            return json.loads(self.text(name))
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file sent as this parameter: as the part itself, or as a part named by `attach://`."""
        value = self.text(name)
        return self.files.get(value[len("attach://") :] if value.startswith("attach://") else name)
