"""Everything a person can put into a chat."""

import random
import re
from typing import Any

from evaluation.botapi.accounts import Chat, User
from evaluation.botapi.formatting import TEXT_UNITS, find_entities, units
from evaluation.botapi.messages import Message
from evaluation.botapi.origins import Origin, from_user
from evaluation.botapi.world import World

AN_HOUR = 3600


class Writer:
    """Someone who sends messages: to the bot if `to` is not named, else into that group."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user = world, user

    @property
    def private(self) -> Chat:
        """The private chat with the bot; it exists from the first look, and is open once something was written."""
        return self.world.chats.get(self.user.id) or self.world.new_chat("private", user=self.user)

    def types(self, text: str, *, to: Chat | None = None, reply_to: Message | None = None, via_bot: User | None = None,
              origin: Origin | None = None) -> Message:  # fmt: skip
        """Send a text; `via_bot` as the result of an inline query. The service trims it."""
        text = text.strip()
        assert text and units(text) <= TEXT_UNITS, "The app sends 1 to 4096 characters; longer texts are pasted."
        entities = find_entities(text)
        content = {"text": text} | ({"entities": entities} if entities else {})
        return self.sends(content, to=to, reply_to=reply_to, via_bot=via_bot, origin=origin)

    def pastes(self, text: str) -> list[Message]:
        """Paste a text of any length; the app sends it in parts, cut at the last space in the second half of a message.

        That is roughly what Telegram Desktop does (`CutPart`, which likes ends of lines and sentences better); other
        apps are not documented.
        """
        parts = []
        while units(text) > TEXT_UNITS:
            head = text[: TEXT_UNITS // 2] if units(text[:TEXT_UNITS]) > TEXT_UNITS else text[:TEXT_UNITS]
            space = max(head.rfind(" "), head.rfind("\n"))
            at = space if space > len(head) // 2 else len(head)
            parts.append(text[:at])
            text = text[at:]
        return [self.types(part) for part in [*parts, text] if part.strip()]

    def starts(self, payload: str = "") -> Message:
        """Press START, as it stands behind a link with a payload (64 letters, digits, _ and -), if there is one."""
        assert re.fullmatch("[A-Za-z0-9_-]{0,64}", payload), "A link cannot carry this payload."
        return self.types(f"/start {payload}".strip())

    def forwards(self, what: "Message | str", origin: Origin | None = None, *, to: Chat | None = None) -> Message:
        """Forward a message that exists (one's own too), or a text from elsewhere.

        The origin is that of the message unless another is given; a text without one is a message of one's own.
        """
        if isinstance(what, Message):
            assert not what.protected, "The app does not forward protected content."
            content = {name: value for name, value in what.content.items() if name != "link_preview_options"}
            known = what.origin or (from_user(what.sender) if what.sender else None)
        else:
            entities = find_entities(what)
            content = {"text": what} | ({"entities": entities} if entities else {})
            known = from_user(self.user)
        date = what.date if isinstance(what, Message) else self.world.clock.now() - AN_HOUR
        return self.sends(content, to=to, origin={"date": int(date)} | (origin or known or {}))

    def shares_contact(self, phone: str, first_name: str = "", *, own: bool = True, to: Chat | None = None) -> Message:
        """One's own contact (it carries one's own id) or that of another, who may have no account."""
        contact: dict[str, Any] = {"phone_number": phone, "first_name": first_name or self.user.first_name}
        return self.sends({"contact": contact | ({"user_id": self.user.id} if own else {})}, to=to)

    def shares_location(self, latitude: float, longitude: float, *, to: Chat | None = None) -> Message:
        return self.sends({"location": {"latitude": latitude, "longitude": longitude}}, to=to)

    def sends_photo(self, content: bytes, caption: str = "", *, to: Chat | None = None, origin: Origin | None = None,
                    album: str = "") -> Message:  # fmt: skip
        """A picture; photos with the same `album` are one group of media."""
        body = {"photo": self.world.files.photo(content)} | _caption(caption)
        return self.sends(body | ({"media_group_id": album} if album else {}), to=to, origin=origin)

    def sends_document(self, content: bytes, name: str, mime: str, caption: str = "", *, size: int | None = None,
                       to: Chat | None = None, origin: Origin | None = None) -> Message:  # fmt: skip
        """A file; `size` in bytes if it claims to be larger than its content."""
        file = self.world.files.add("document", content, size).render()
        return self.sends({"document": file | {"file_name": name, "mime_type": mime}} | _caption(caption),
                          to=to, origin=origin)  # fmt: skip

    def sends_voice(self, content: bytes = b"OggS", seconds: int = 5, *, to: Chat | None = None) -> Message:
        file = self.world.files.add("voice", content, suffix=".oga").render()
        return self.sends({"voice": file | {"duration": seconds, "mime_type": "audio/ogg"}}, to=to)

    def sends_video_note(self, content: bytes = b"mp4", seconds: int = 5, *, to: Chat | None = None) -> Message:
        file = self.world.files.add("video_note", content, suffix=".mp4").render()
        return self.sends({"video_note": file | {"length": 240, "duration": seconds}}, to=to)

    def sends_video(self, content: bytes = b"mp4", caption: str = "", *, to: Chat | None = None) -> Message:
        file = self.world.files.add("video", content, suffix=".mp4").render()
        video = file | {"width": 320, "height": 240, "duration": 5, "mime_type": "video/mp4"}
        return self.sends({"video": video} | _caption(caption), to=to)

    def sends_audio(self, content: bytes = b"ID3", *, to: Chat | None = None) -> Message:
        file = self.world.files.add("audio", content, suffix=".mp3").render()
        return self.sends({"audio": file | {"duration": 5, "mime_type": "audio/mpeg"}}, to=to)

    def sends_sticker(self, emoji: str = "👍", *, to: Chat | None = None) -> Message:
        file = self.world.files.add("sticker", b"RIFF", suffix=".webp").render()
        shape = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self.sends({"sticker": file | shape | {"emoji": emoji, "set_name": "Common"}}, to=to)

    def sends_dice(self, value: int = 1, *, to: Chat | None = None) -> Message:
        return self.sends({"dice": {"emoji": "🎲", "value": value}}, to=to)

    def sends_poll(self, question: str, options: list[str], *, to: Chat | None = None) -> Message:
        poll = {
            "id": str(random.getrandbits(62)),
            "question": question,
            "options": [
                {"text": option, "voter_count": 0, "persistent_id": str(n)} for n, option in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return self.sends({"poll": poll}, to=to)

    def sends(self, content: dict[str, Any], *, to: Chat | None = None, **details: Any) -> Message:
        """Send a message with these fields of the `Message` object, whatever they are."""
        chat = self.private if to is None else to
        if to is None:
            assert chat.bot_status != "kicked", f"{self.user.first_name} has blocked the bot; unblock it first."
            chat.bot_status = "member"
        message = self.world.post(chat, self.user if chat.kind != "channel" else None, content, **details)
        self.world.tell_bot(message)
        return message

    def edits(self, message: Message, text: str) -> None:
        """Change a text of one's own."""
        assert message.sender is self.user, "A person can only edit what they wrote."
        entities = find_entities(text)
        message.content = {"text": text} | ({"entities": entities} if entities else {})
        message.edited = self.world.clock.now()
        message.versions.append(text)
        self.world.tell_bot(message, "edited_message")


def _caption(caption: str) -> dict[str, Any]:
    entities = find_entities(caption)
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})
