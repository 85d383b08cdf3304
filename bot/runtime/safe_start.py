"""What every entry point checks before it starts."""

from bot import PROJECT_ROOT
from bot.privacy.key_search import find_private_keys
from bot.settings import Settings


class UnsafeMachine(Exception):
    """Starting would put people at risk; the message says what to do first."""


def refuse_private_keys(settings: Settings) -> None:
    """Return if no unencrypted private key lies in `var` (with the key folder) or in `deploy`.

    Raises:
        UnsafeMachine: one does; the message names the files, never what is in them.
    """
    found = [path for folder in (settings.var, PROJECT_ROOT / "deploy") for path in find_private_keys(folder)]
    if found:
        names = ", ".join(map(str, found))
        raise UnsafeMachine(
            f"An unencrypted private key lies in {names}: move it off this machine and replace the key."
        )
