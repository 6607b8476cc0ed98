"""The Web API methods of the fake Slack that the app may call, each as its page documents it."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_files import complete_upload, upload_url
from tests.fakes.slack_payloads import APP_ID, Json, Team, User, new_id
from tests.fakes.slack_rules import RefusalError, check_message, check_metadata, check_view

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack

TRIGGER_LIVES = 3.0  # docs.slack.dev/interactivity/handling-user-interaction#modal_responses
_JSON_REFUSED = {"users.info", "conversations.history"}  # these take arguments in the query or as a form


async def arguments(request: web.Request, method: str) -> Json:
    """From the query, a form or JSON: docs.slack.dev/apis/web-api#request-types."""
    args: Json = dict(request.query)
    if request.content_type == "application/json" and method not in _JSON_REFUSED:
        args |= await request.json()
    elif request.content_type == "application/x-www-form-urlencoded":
        args |= dict(await request.post())
    for name in ("blocks", "metadata", "view"):
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    basic = request.headers.get("Authorization", "")
    if basic.startswith("Basic "):
        name, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
        args |= {"client_id": name, "client_secret": secret}
    return args


# -- methods ---------------------------------------------------------------------------------------------------------


def _need(args: Json, *names: str) -> None:
    for name in names:
        if args.get(name) in (None, ""):
            raise RefusalError("invalid_arguments", f"[ERROR] missing required field: {name}")


def _channel(slack: "FakeSlack", team: Team, args: Json) -> tuple[str, User | None]:
    """A channel by its id, or somebody's direct message by theirs."""
    _need(args, "channel")
    asked = str(args["channel"])
    user = slack.users.get(asked) or next((u for u in slack.users.values() if u.im == asked), None)
    if user is not None and user.team.id != team.id:
        raise RefusalError("channel_not_found")
    channel = user.im if user is not None else asked
    if channel not in slack.channels:
        raise RefusalError("channel_not_found")
    return channel, user


def _numbered(blocks: list[Json] | None) -> list[Json]:
    """Blocks get ids where they have none: docs.slack.dev/reference/block-kit/blocks."""
    return [{"block_id": new_id("b"), **block} for block in blocks or []]


async def _post(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/chat.postMessage."""
    assert team is not None
    channel, user = _channel(slack, team, args)
    if user is not None and user.deleted:
        raise RefusalError("user_disabled")
    if args.get("parse", "none") not in ("none", "full"):
        raise RefusalError("invalid_arguments", "[ERROR] parse")
    check_message(args.get("blocks"), args.get("text"))
    check_metadata(args.get("metadata"))
    message: Json = {
        "user": team.bot_user,
        "type": "message",
        "ts": slack.ts(),
        "bot_id": team.bot_id,
        "app_id": APP_ID,
        "text": args.get("text", ""),
        "team": team.id,
        "bot_profile": {
            "id": team.bot_id,
            "app_id": APP_ID,
            "user_id": team.bot_user,
            "name": "Throughline",
            "icons": {},
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": team.id,
        },
        "blocks": _numbered(args.get("blocks")),
    }
    if args.get("metadata"):
        message["metadata"] = args["metadata"]
        slack.outbox[args["metadata"]["event_payload"].get("outbox")] += 1
    slack.channels[channel].append(message)
    return {"channel": channel, "ts": message["ts"], "message": message}


async def _update(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/chat.update."""
    assert team is not None
    _need(args, "ts")
    channel, _ = _channel(slack, team, args)
    if not str(args["channel"]).startswith(("C", "D", "G")):
        raise RefusalError("channel_not_found")
    found = next((m for m in slack.channels[channel] if m["ts"] == args["ts"]), None)
    if found is None:
        raise RefusalError("message_not_found")
    if found.get("bot_id") != team.bot_id:
        raise RefusalError("cant_update_message")
    check_message(args.get("blocks"), args.get("text"))
    check_metadata(args.get("metadata"))
    await relook(slack, team, channel, found, args)
    return {"channel": channel, "ts": found["ts"], "text": found["text"], "message": found}


async def relook(slack: "FakeSlack", team: Team, channel: str, found: Json, args: Json) -> None:
    """A message reads otherwise from now on."""
    old = dict(found)
    found["text"] = args.get("text", "")
    found["blocks"] = _numbered(args.get("blocks"))
    found["edited"] = {"user": team.bot_id, "ts": slack.ts()}
    await slack.mail.event(team, payloads.changed(channel, dict(found), old, ts=slack.ts()))


async def _open_im(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/conversations.open."""
    assert team is not None
    _need(args, "users")
    user = slack.users.get(str(args["users"]))
    if user is None or user.team.id != team.id:
        raise RefusalError("user_not_found")
    if user.deleted:
        raise RefusalError("user_disabled")
    return {"no_op": True, "already_open": True, "channel": {"id": user.im}}


async def _history(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/conversations.history: newest first; metadata only when asked for."""
    assert team is not None
    channel, _ = _channel(slack, team, args)
    oldest, limit = float(args.get("oldest", 0)), min(int(args.get("limit", 100)), 999)
    whole = [m for m in reversed(slack.channels[channel]) if float(m["ts"]) > oldest]
    start = int(base64.b64decode(args["cursor"]).decode().partition(":")[2]) if args.get("cursor") else 0
    page = [dict(message) for message in whole[start : start + limit]]
    if args.get("include_all_metadata") not in (True, "1", "true"):
        for message in page:
            message.pop("metadata", None)
    more = start + limit < len(whole)
    answer: Json = {"messages": page, "has_more": more, "pin_count": 0, "oldest": args.get("oldest")}
    if more:
        cursor = base64.b64encode(f"next_ts:{start + limit}".encode()).decode()
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


async def _info(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/users.info: the locale, an IETF language code, only when it is asked for."""
    _need(args, "user")
    user = slack.users.get(str(args["user"]))
    if user is None or team is None or user.team.id != team.id:
        raise RefusalError("user_not_found")
    asked = args.get("include_locale") in (True, "1", "true")
    return {"user": payloads.profile(user) | ({"locale": user.locale} if asked else {})}


async def _test(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/auth.test."""
    assert team is not None
    return {
        "url": f"https://{team.name.lower()}.slack.com/",
        "team": team.name,
        "user": "throughline",
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


async def _connect(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/apps.connections.open."""
    return {"url": slack.mail.ticket(f"ws://127.0.0.1:{slack.port}/link/")}


async def _open_view(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/views.open: the trigger is spent, and lives for three seconds."""
    _need(args, "view")
    trigger = slack.triggers.get(str(args.get("trigger_id", "")))
    if trigger is None or team is None or trigger.user.team.id != team.id:
        raise RefusalError("invalid_trigger_id")
    if trigger.used:
        raise RefusalError("exchanged_trigger_id")
    if slack.now() - trigger.born > TRIGGER_LIVES:
        raise RefusalError("expired_trigger_id")
    check_view(args["view"], "modal")
    trigger.used = True
    view = payloads.view_of(trigger.user, args["view"], view_id=new_id("V"), view_hash=_hash(slack))
    slack.views[trigger.user.id] = view
    return {"view": view}


async def _publish(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/views.publish: a hash that is not the newest is refused."""
    _need(args, "view", "user_id")
    user = slack.users.get(str(args["user_id"]))
    if user is None or team is None or user.team.id != team.id:
        raise RefusalError("invalid_arguments", "[ERROR] user_not_found")
    check_view(args["view"], "home")
    before = slack.homes.get(user.id)
    if args.get("hash") and before and args["hash"] != before["hash"]:
        raise RefusalError("hash_conflict")
    view_id = before["id"] if before else new_id("V")
    given = args["view"] | {"blocks": _numbered(args["view"]["blocks"])}
    slack.homes[user.id] = payloads.view_of(user, given, view_id=view_id, view_hash=_hash(slack))
    return {"view": slack.homes[user.id]}


async def _access(slack: "FakeSlack", team: Team | None, args: Json) -> Json:
    """docs.slack.dev/reference/methods/oauth.v2.access: a code works once, for the client that asked for it."""
    if args.get("client_id") != slack.client_id:
        raise RefusalError("invalid_client_id")
    if args.get("client_secret") != slack.client_secret:
        raise RefusalError("bad_client_secret")
    found = slack.codes.pop(str(args.get("code", "")), None)
    if found is None:
        raise RefusalError("invalid_code")
    installed, user, scope, redirect_uri = found
    if args.get("redirect_uri", "") != redirect_uri:
        raise RefusalError("bad_redirect_uri")
    installed.scopes, installed.installed, installed.revoked = set(scope.split(",")), True, False
    installed.token = f"xoxb-{new_id('K')}"
    return {
        "access_token": installed.token,
        "token_type": "bot",
        "scope": scope,
        "bot_user_id": installed.bot_user,
        "app_id": APP_ID,
        "team": None if slack.organisation else {"name": installed.name, "id": installed.id},
        "enterprise": {"name": "Group", "id": slack.organisation} if slack.organisation else None,
        "is_enterprise_install": bool(slack.organisation),
        "authed_user": {"id": user.id},
    }


def _hash(slack: "FakeSlack") -> str:
    return f"{slack.ts()}.{new_id('')}"


@dataclass(frozen=True, slots=True)
class Spec:
    """A method: what runs, the scope that it needs, and its tier as calls per minute (0: a rule of its own)."""

    run: Callable[["FakeSlack", Team | None, Json], Awaitable[Json]]
    scope: str = ""
    per_minute: int = 0


METHODS = {
    "auth.test": Spec(_test, "", 600),
    "apps.connections.open": Spec(_connect, "", 20),
    "chat.postMessage": Spec(_post, "chat:write"),
    "chat.update": Spec(_update, "chat:write", 50),
    "conversations.open": Spec(_open_im, "im:write", 50),
    "conversations.history": Spec(_history, "im:history", 50),
    "files.getUploadURLExternal": Spec(upload_url, "files:write", 100),
    "files.completeUploadExternal": Spec(complete_upload, "files:write", 100),
    "users.info": Spec(_info, "users:read", 100),
    "views.open": Spec(_open_view, "", 100),
    "views.publish": Spec(_publish, "", 100),
    "oauth.v2.access": Spec(_access, "", 600),
}
