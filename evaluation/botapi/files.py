"""Files on the service: `getFile` and downloads (source: getFile of the Bot API; Client.cpp, `do_get_file`)."""

import io
import itertools
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from evaluation.botapi.errors import bad_request

LARGEST_DOWNLOAD = 20 * 1024 * 1024
FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "video_note": "video_notes",
           "sticker": "stickers", "video": "videos", "audio": "music", "animation": "animations"}  # fmt: skip
PREVIEWS = (90, 320)


@dataclass(frozen=True)
class StoredFile:
    """A file. `size` may be more than the content is long: large files need no memory in a test."""

    id: str
    unique_id: str
    path: str
    content: bytes
    size: int

    def render(self) -> dict[str, Any]:
        """The fields that every kind of file has."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    """All files, by their id."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._numbers = itertools.count()

    def add(self, kind: str, content: bytes, size: int | None = None, suffix: str = "") -> StoredFile:
        number = next(self._numbers)
        path = f"{FOLDERS[kind]}/file_{number}{suffix}"
        stored = StoredFile(f"AgACfake{kind}{number:08d}", f"AQADfake{number:08d}", path, content, size or len(content))
        self._files[stored.id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        """Raises:
        ApiError: no such file.
        """
        if file_id not in self._files:
            raise bad_request("wrong file identifier/HTTP URL specified" if file_id else "file_id not specified")
        return self._files[file_id]

    def get_file(self, file_id: str) -> dict[str, Any]:
        """The `File` object of getFile.

        Raises:
            ApiError: no such file, or more than 20 MB.
        """
        if file_id and file_id not in self._files:
            raise bad_request("invalid file_id")
        stored = self.find(file_id)
        if stored.size > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return stored.render() | {"file_path": stored.path}

    def at(self, path: str) -> StoredFile | None:
        """The file behind a `file_path`."""
        return next((stored for stored in self._files.values() if stored.path == path), None)

    def photo(self, content: bytes) -> list[dict[str, Any]]:
        """The `PhotoSize` objects of a picture, smallest first; the real service recompresses, this one does not.

        Raises:
            ApiError: it is no picture.
        """
        try:
            with Image.open(io.BytesIO(content)) as picture:
                width, height = picture.size
        except (UnidentifiedImageError, OSError):
            raise bad_request("IMAGE_PROCESS_FAILED") from None
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        longest = max(width, height)
        sizes = []
        for side in [*(side for side in PREVIEWS if side < longest), longest]:
            stored = self.add("photo", content, suffix=".jpg")
            scaled = {"width": max(1, width * side // longest), "height": max(1, height * side // longest)}
            sizes.append(stored.render() | scaled)
        return sizes


def blank_picture() -> bytes:
    """A small picture with nothing on it."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30)).save(content, "PNG")
    return content.getvalue()
