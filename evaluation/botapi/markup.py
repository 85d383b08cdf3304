"""Keyboards under messages, with the checks of the open server (`get_reply_markup`, `get_inline_keyboard_button`)."""

from typing import Any

from evaluation.botapi.errors import bad_request
from evaluation.botapi.params import Params

DATA_BYTES = 64
KINDS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat")
OTHER_KINDS = ("switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay")


def keyboards(params: Params) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The inline keyboard of a call, and what it does to the keyboard below the chat; None where it names none.

    Raises:
        ApiError: a button has no kind, or callback data that is longer than 64 bytes.
    """
    markup = params.structure("reply_markup")
    if not markup:
        return None, None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None, markup
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        _check(button)
    rows = [row for row in rows if row]
    return ({"inline_keyboard": rows} if rows else None), None


def _check(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not any(button.get(kind) or (kind in button and kind not in ("url", "callback_data")) for kind in _all()):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(str(button.get("callback_data", "")).encode()) > DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _all() -> tuple[str, ...]:
    return KINDS + OTHER_KINDS
