"""A training desk whose members can have words translated, served for one block of a test."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from bot.runtime.founding import found_training_site
from tests.browser.test_desk import SERVE, Desk
from tests.libretranslate import serving
from tests.server import running, settings_in


@contextlib.contextmanager
def served_desk(folder: Path, translated: str) -> Iterator[Desk]:
    """Serve a desk; every translation is these words."""
    settings = settings_in(folder)
    member = found_training_site(settings)
    assert member is not None
    with serving() as translation:
        translation.body = json.dumps({"translatedText": translated}).encode()
        changed = {"OBERIH_SITE": str(folder / "none.yml"), "OBERIH_TRANSLATE_URL": translation.url}
        with running(folder, SERVE, **changed) as server:
            yield Desk(server.base, member.passphrase, settings)
