"""All that the fake servers received, by whom it was for: words, buttons, metadata, files, and what is said of files.

What was for nobody in particular (lists of commands, words beside a pressed button) stands under "".
"""

from collections import defaultdict
from typing import Any

from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.support.seats import SlackSeat, TelegramSeat
from tests.support.town import Town

TextHeard = dict[str, str]
_NAMES_SOMEBODY = ("channel", "channel_id", "user_id", "users", "trigger_id")


def received(town: Town) -> TextHeard:
    """By the users of a town; by their ids where they are not of it."""
    if isinstance(town.seat, TelegramSeat):
        by_id = _by_telegram(town.seat.fake)
    else:
        assert isinstance(town.seat, SlackSeat)
        by_id = _by_slack(town.seat.fake)
    users = {town.seat.address(user).user: user for user in town.people}
    return {users.get(number, number): "\n".join(parts) for number, parts in by_id.items()}


def metadata_of(fake: FakeSlack) -> list[Any]:
    """The metadata of every message that was posted or changed."""
    return [args["metadata"] for _, args in fake.given if args.get("metadata")]


def _by_telegram(fake: FakeTelegram) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for call in fake.calls:
        found[str(call.given.get("chat_id", ""))].append(repr((call.method, call.given)))
    for number, chat in fake.chats.items():
        uploads = [shown.upload for shown in chat.shown if shown.upload]
        found[str(number)] += [repr((upload.name, upload.content)) for upload in uploads]
    return found


def _by_slack(fake: FakeSlack) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    uploads = {upload.id: upload for upload in fake.uploads.values()}
    for method, args in fake.given:
        if method != "files.getUploadURLExternal":  # names nobody yet; told with the file below
            found[_user_of(fake, args)].append(repr((method, args)))
    for channel, messages in fake.channels.items():
        for held in (file for message in messages for file in message.get("files", []) if file["id"] in uploads):
            upload = uploads.pop(held["id"])
            whom = _user_of(fake, {"channel": channel})
            found[whom].append(repr((upload.name, upload.title, upload.alt, upload.content)))
    found[""] += [repr(upload) for upload in uploads.values()]
    for user, words in fake.whispers.items():
        found[user] += words
    return found


def _user_of(fake: FakeSlack, args: dict[str, Any]) -> str:
    """Whom a call is for: by the channel, by the user, or by the trigger that they lent."""
    named = [str(args[name]) for name in _NAMES_SOMEBODY if args.get(name)]
    for name in named:
        if name in fake.triggers:
            return fake.triggers[name].user.id
        for user in fake.users.values():
            if name in (user.id, user.im):
                return user.id
    assert not named, f"{named} is nobody here"
    return ""
