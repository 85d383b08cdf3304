"""`rasa …` with Rasa's own Telegram channel on the Bot API server that `BENCH_TELEGRAM_API` names.

Its library (aiogram) takes such a server; Rasa has no setting for it. And with the release of that library that Rasa
3.6.21 installs beside the other packages here, the channel answers nothing ("Event loop is closed"): the connection it
sets the webhook with belongs to an event loop that has ended. So it gets a new one. Nothing else of Rasa is changed.
"""

import functools
import os

import aiogram
from aiogram.bot.api import TelegramAPIServer
from rasa.__main__ import main
from rasa.core.channels.telegram import TelegramInput, TelegramOutput

_connected = TelegramInput.get_output_channel


def _on_the_servers_loop(self: TelegramInput) -> TelegramOutput:
    channel = _connected(self)
    channel._session = None
    return channel


if __name__ == "__main__":
    server = TelegramAPIServer.from_base(os.environ["BENCH_TELEGRAM_API"])
    aiogram.Bot.__init__ = functools.partialmethod(aiogram.Bot.__init__, server=server)
    TelegramInput.get_output_channel = _on_the_servers_loop
    main()
