"""Pictures and documents out: an upload of three calls, of which only the last one is seen by anybody.

The file's name carries the outbox id, so that a share whose answer was lost is found again in the history; uploads
take no metadata. Source: docs.slack.dev/messaging/working-with-files#uploading_files and, for its limits and errors,
docs.slack.dev/reference/methods/files.getUploadURLExternal and files.completeUploadExternal.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.outgoing import File
from bot.messages.sending import Parcel
from handlers.slack.clients import told
from handlers.slack.text import cut, escaped

ALT, TITLE, COMMENT, WORDS = 1_000, 200, 2_900, 8_000
# A workspace, or an installation from before files were sent, that takes no files: what they say goes out in words.
UNWANTED = frozenset(
    [
        "missing_scope",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "file_upload_size_restricted",
        "file_type_not_allowed",
        "storage_limit_reached",
        "slack_connect_file_upload_sharing_blocked",
        "slack_connect_blocked_file_type",
    ]
)


class NotUploadedError(Exception):
    """The bytes did not get through; nobody has seen anything yet."""


def name_of(parcel: Parcel) -> str:
    """What the file of a parcel is called in Slack's store; people see its title."""
    name = PurePath(parcel.message.file.name if parcel.message.file else "")
    return f"{name.stem}-{parcel.id}{name.suffix}"


def holds(message: Mapping[str, Any], parcel: Parcel) -> bool:
    """Whether a message of the history shares the file of a parcel."""
    files = message.get("files")
    named = [str(file.get("name", "")) for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return parcel.message.file is not None and name_of(parcel) in named


async def uploaded(client: AsyncWebClient, session: aiohttp.ClientSession, parcel: Parcel, file: File) -> str:
    """Bring the bytes to Slack, where nobody sees them yet; returns the file's id. Harmless to repeat.

    Raises what the SDK and aiohttp raise, and NotUploadedError.
    """
    alt = cut(file.alt, ALT) if file.alt else None
    place = await client.files_getUploadURLExternal(filename=name_of(parcel), length=len(file.content), alt_txt=alt)
    file_id = told(place, "file_id")
    async with session.post(told(place, "upload_url"), data=file.content, allow_redirects=False) as answer:
        if answer.status != 200:
            raise NotUploadedError(f"status {answer.status}")
    return file_id


async def shared(client: AsyncWebClient, channel: str, file_id: str, file: File, comment: str) -> None:
    """Show an uploaded file in a chat, with what is said of it; the only call that is seen, and not to be repeated.

    Raises what the SDK raises, and aiohttp.ClientPayloadError for an answer that names no file.
    """
    answer = await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": cut(file.name, TITLE)}],
        channel_id=channel,
        initial_comment=escaped(cut(comment, COMMENT)) or None,
    )
    if not isinstance(answer.data, dict) or not isinstance(answer.data.get("files"), list):
        raise aiohttp.ClientPayloadError("no files in the answer")


def unwanted(error: Exception) -> bool:
    """Whether a workspace takes no such file at all."""
    data = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
    return isinstance(data, dict) and data.get("error") in UNWANTED


def in_words(text: str, file: File) -> str:
    """What is said where a file cannot be shown: what a picture shows, or a short text itself; else nothing."""
    words = file.alt
    if file.media.startswith("text/plain") and len(file.content) <= WORDS:
        words = file.content.decode("utf-8", "replace")
    return "\n\n".join(part for part in (text, words) if part) if words else ""
