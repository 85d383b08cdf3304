"""A message as the service keeps it, and the `Message` object it becomes."""

from dataclasses import dataclass, field
from typing import Any

from evaluation.botapi.accounts import Chat, User


@dataclass(frozen=True)
class Button:
    """A button of an inline keyboard; `data` or `url` is empty if it has none."""

    text: str
    data: str = ""
    url: str = ""


@dataclass
class Message:
    """One message. `content` holds the fields of the `Message` object that say what it is (text, photo, …).

    `for_person` and `for_bot` say on which side it is still there; `outgoing`: the bot under test sent it; `silent` is
    `disable_notification`, which the Bot API never shows.
    """

    id: int
    chat: Chat
    sender: User | None
    date: float
    content: dict[str, Any]
    origin: dict[str, Any] | None = None
    reply_to: "Message | None" = None
    markup: dict[str, Any] | None = None
    reply_keyboard: dict[str, Any] | None = None
    via_bot: User | None = None
    outgoing: bool = False
    silent: bool = False
    protected: bool = False
    edited: float | None = None
    for_person: bool = True
    for_bot: bool = True
    versions: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text or the caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def from_bot(self) -> bool:
        return self.sender is not None and self.sender.is_bot

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The entities of the text or the caption."""
        return list(self.content.get("entities") or self.content.get("caption_entities") or [])

    @property
    def link_preview(self) -> dict[str, Any]:
        """The `link_preview_options` it was sent with."""
        return dict(self.content.get("link_preview_options") or {})

    @property
    def rows(self) -> list[list[Button]]:
        """The inline keyboard as it is now."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data", ""), b.get("url", "")) for b in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        """All its buttons, row after row."""
        return [button for row in self.rows for button in row]

    @property
    def everywhere(self) -> bool:
        """Both sides still have it."""
        return self.for_person and self.for_bot

    def render(self, with_reply: bool = True) -> dict[str, Any]:
        """The `Message` object; a message that it answers is shown one level deep."""
        body: dict[str, Any] = {"message_id": self.id}
        if self.sender is not None:
            body["from"] = self.sender.render()
        body |= {"chat": self.chat.render(), "date": int(self.date)}
        if self.edited is not None:
            body["edit_date"] = int(self.edited)
        if self.origin is not None:
            body["forward_origin"] = self.origin
        if with_reply and self.reply_to is not None and self.reply_to.for_bot:
            body["reply_to_message"] = self.reply_to.render(with_reply=False)
        if self.via_bot is not None:
            body["via_bot"] = self.via_bot.render()
        body |= self.content
        if self.protected:
            body["has_protected_content"] = True
        if self.markup is not None:
            body["reply_markup"] = self.markup
        return body
