"""Signs that are replaced while the chat runs: new files, once trained, are taken over between two messages.

An operator copies other files into `data/signs`, or fetches them, and runs `oberih train`; nobody's conversation ends.
"""

import asyncio
import logging
from pathlib import Path
from typing import Optional

from bot import PROJECT_ROOT
from bot.knowledge.files import KnowledgeError, state_of
from bot.knowledge.signs import load_catalogue
from bot.language.network import ModelMissing
from bot.offers.model import OfferModel
from bot.offers.training import fingerprint
from bot.runtime import models
from bot.runtime.services import Services

_log = logging.getLogger("oberih.signs")
_PAUSE_SECONDS = 30.0
_SHOWN = 12
_State = tuple[frozenset[tuple[str, int, int]], float]


class SignPacks:
    """Watches the files of the signs and their model for one process."""

    def __init__(self, services: Services, root: Path = PROJECT_ROOT) -> None:
        self._services = services
        self._root = root
        self._seen: Optional[_State] = self._state()

    async def run(self) -> None:
        """Look every half minute, until cancelled."""
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            await asyncio.to_thread(self.look)

    def look(self) -> bool:
        """Take over what was changed; return whether that was done.

        Files that do not fit, or that no model was trained for, change nothing: the signs that were loaded stay.
        """
        try:
            state = self._state()
            if state == self._seen:
                return False
            self._seen = state
            return self._take_over()
        except (KnowledgeError, ModelMissing) as error:
            _log.error("signs were changed and not taken over: %s", error)
        except OSError:
            # Files are just being written: look again.
            self._seen = None
        return False

    def _take_over(self) -> bool:
        catalogue = load_catalogue(self._root / "data")
        if not models.signs_trained(self._services.settings, catalogue):
            _log.warning("signs were changed and not taken over yet: run `oberih train`.")
            return False
        model = OfferModel.load(models.offers_path(self._services.settings))
        self._services.take_over(catalogue, model, self._root)
        _log.info("signs taken over, wording %s", fingerprint(catalogue)[:_SHOWN])
        return True

    def _state(self) -> _State:
        stamp = models.signs_stamp(self._services.settings)
        return state_of(self._root / "data" / "signs"), stamp.stat().st_mtime if stamp.exists() else 0.0
