"""A redactor with the real knowledge; nothing needs to be trained for it."""

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.countries import load_countries
from bot.knowledge.languages import load_languages
from bot.knowledge.redaction import load_redaction
from bot.privacy.redact import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    data = PROJECT_ROOT / "data"
    return Redactor(load_redaction(data), load_languages(data), load_countries(data))
