"""Photos and documents at the fake Bot API: what is uploaded, what it may weigh, and its caption.

core.telegram.org/bots/api#sending-files; where that page is silent, the public server's observed answers.
"""

import struct
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.telegram_rules import Json, bad, entities, text_of

CAPTION_LIMIT = 1024  # "0-1024 characters after entities parsing": core.telegram.org/bots/api#sendphoto
PHOTO_LIMIT = 10 * 1024 * 1024  # "at most 10 MB in size": core.telegram.org/bots/api#sendphoto
DOCUMENT_LIMIT = 50 * 1024 * 1024  # "up to 50 MB in size": core.telegram.org/bots/api#senddocument
SIDES, RATIO = 10_000, 20  # "width and height must not exceed 10000 in total", "ratio at most 20"
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrived."""

    kind: str
    name: str
    media: str
    content: bytes


def held_in(given: Json, kind: str) -> tuple[Upload, Any]:
    """The upload of a request, and what the message then holds of it."""
    upload = _upload(given, kind)
    return upload, _photo(upload.content) if kind == "photo" else _document(upload)


def caption_of(given: Json) -> tuple[str, list[Json]]:
    """The caption and its entities; an empty one takes it away."""
    if not str(given.get("caption", "")).strip():
        return "", []
    text, _ = text_of({**given, "text": given["caption"]}, "message caption is too long", CAPTION_LIMIT)
    return text, entities(text)


def _upload(given: Json, kind: str) -> Upload:
    """The part that holds the file, named directly or by attach://: core.telegram.org/bots/api#inputfile."""
    field: Any = given.get(kind)
    if isinstance(field, str) and field.startswith("attach://"):
        field = given.get(field.removeprefix("attach://"))
    if not isinstance(field, web.FileField):
        raise bad(f"there is no {kind} in the request")
    content = field.file.read()
    if not content:
        raise bad("file must be non-empty")
    limit = PHOTO_LIMIT if kind == "photo" else DOCUMENT_LIMIT
    if len(content) > limit:
        raise bad(f"file of size {len(content)} bytes is too big for a {kind}; the maximum size is {limit} bytes")
    return Upload(kind=kind, name=field.filename, media=field.content_type, content=content)


def _photo(content: bytes) -> list[Json]:
    """The sizes of a photo; of pictures that this server reads only PNG."""
    if content[:8] != _PNG or len(content) < 24 or content[12:16] != b"IHDR":
        raise bad("IMAGE_PROCESS_FAILED")
    wide, tall = struct.unpack(">II", content[16:24])
    if wide + tall > SIDES or max(wide, tall) > RATIO * min(wide, tall):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    size = {"file_id": "AgACAgIAAxkDAAIB", "file_unique_id": "AQADZ8Uy", "width": wide, "height": tall}
    return [size | {"file_size": len(content)}]


def _document(upload: Upload) -> Json:
    named = {"file_name": upload.name, "mime_type": upload.media, "file_size": len(upload.content)}
    return {"file_id": "BQACAgIAAxkDAAIC", "file_unique_id": "AgADZ8Uz", **named}
