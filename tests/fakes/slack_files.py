"""Files at the fake Slack: a URL for one upload, the bytes, and the share that people see.

docs.slack.dev/messaging/working-with-files#uploading_files.
"""

import json
import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_payloads import APP_ID, Json, Team, new_id
from tests.fakes.slack_rules import RefusalError

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack

ALT = 1_000  # alt_txt_too_large: docs.slack.dev/reference/methods/files.getUploadURLExternal#errors


@dataclass(slots=True)
class Upload:
    """A file on its way: asked for, brought, shared."""

    id: str
    ticket: str
    team: Team
    name: str
    length: int
    alt: str
    content: bytes | None = None
    title: str = ""
    shared: str = ""


def _need(args: Json, name: str) -> str:
    if args.get(name) in (None, ""):
        raise RefusalError("invalid_arguments", f"[ERROR] missing required field: {name}")
    return str(args[name])


async def upload_url(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/files.getUploadURLExternal."""
    assert team is not None
    name, length, alt = _need(args, "filename"), _need(args, "length"), str(args.get("alt_txt") or "")
    if not length.isdecimal() or int(length) == 0:
        raise RefusalError("missing_argument")
    if len(alt) > ALT:
        raise RefusalError("alt_txt_too_large")
    made = Upload(id=new_id("F"), ticket=new_id("U"), team=team, name=name, length=int(length), alt=alt)
    slack.uploads[made.id] = made
    base = slack.url.removesuffix("/api/")
    return {"upload_url": f"{base}/upload/v1/{made.ticket}", "file_id": made.id}


async def take_upload(slack: "FakeSlack", request: web.Request) -> web.Response:
    """The bytes; the URL is good for one upload, and the length must be the one that was announced."""
    found = next((u for u in slack.uploads.values() if u.ticket == request.match_info["ticket"]), None)
    if found is None or found.content is not None:
        return web.Response(status=404, text="not found")
    if request.content_type == "multipart/form-data":
        parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
        content = parts[0].file.read() if parts else b""
    else:
        content = await request.read()
    if len(content) != found.length:
        return web.Response(status=400, text=f"expected {found.length} bytes")
    found.content = content
    return web.Response(text=f"OK - {len(content)}")


async def complete_upload(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/files.completeUploadExternal: answers ids and titles, and no timestamp."""
    assert team is not None
    wanted = args.get("files")
    wanted = json.loads(wanted) if isinstance(wanted, str) else wanted
    if not isinstance(wanted, list) or not wanted:
        raise RefusalError("invalid_arguments", "[ERROR] missing required field: files")
    found = [_brought(slack, team, entry) for entry in wanted]
    if args.get("channel_id"):
        await _share(slack, team, str(args["channel_id"]), found, str(args.get("initial_comment") or ""))
    return {"files": [{"id": upload.id, "title": upload.title} for upload in found]}


def _brought(slack: "FakeSlack", team: Team, entry: Json) -> Upload:
    upload = slack.uploads.get(str(entry.get("id")))
    if upload is None or upload.team.id != team.id or upload.content is None or upload.shared:
        raise RefusalError("file_not_found")
    upload.title = str(entry.get("title") or upload.name)
    return upload


async def _share(slack: "FakeSlack", team: Team, channel: str, uploads: list[Upload], comment: str) -> None:
    user = next((u for u in slack.users.values() if u.im == channel), None)
    if channel not in slack.channels or (user is not None and user.team.id != team.id):
        raise RefusalError("channel_not_found")
    message: Json = {
        "type": "message",
        "text": comment,
        "files": [_file(team, upload) for upload in uploads],
        "upload": True,
        "user": team.bot_user,
        "display_as_bot": False,
        "ts": slack.ts(),
        "blocks": payloads.rich(comment) if comment else [],
        "bot_id": team.bot_id,
        "app_id": APP_ID,
        "team": team.id,
    }
    for upload in uploads:
        upload.shared = message["ts"]
    slack.channels[channel].append(message)
    event = {"channel": channel, "channel_type": "im", "subtype": "file_share", "event_ts": message["ts"]}
    await slack.mail.event(team, message | event)


def _file(team: Team, upload: Upload) -> Json:
    """docs.slack.dev/reference/objects/file-object."""
    mimetype = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    made: Json = {
        "id": upload.id,
        "created": 1_700_000_000,
        "timestamp": 1_700_000_000,
        "name": upload.name,
        "title": upload.title,
        "mimetype": mimetype,
        "filetype": upload.name.rpartition(".")[2],
        "user": team.bot_user,
        "user_team": team.id,
        "editable": False,
        "size": upload.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "file_access": "visible",
    }
    return made | ({"alt_txt": upload.alt} if upload.alt else {})
