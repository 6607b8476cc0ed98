"""What `chat` and `demo` share: people at a console, and a clock that is moved from one due thing to the next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.app import App
from bot.messages.incoming import CommandSent, Content, Inbound, Receipt, TextSent
from handlers.console.keyboard import address_of
from schedules.scheduler import Body
from storage.conversation import timers
from storage.ids import new_id
from storage.outbox import rows as outbox
from storage.people import invites, people
from storage.programme import agenda

_FOR_EVER = timedelta(days=3650)


async def join(app: App, user: str, *, role: str, coach: str | None, name: str, zone: str, now: datetime) -> Receipt:
    """Let someone at the console join with a code of their own, made on the spot."""
    code = invites.new_code()
    invited = partial(
        invites.add_invite, code=code, role=role, coach=coach, name=name, zone=zone, expires_at=now + _FOR_EVER
    )
    await app.database.transact(invited)
    return await say(app, user, CommandSent(verb="join", rest=code), now)


async def say(
    app: App, user: str, content: Content | str, now: datetime, *, number: str = "", zone: str = ""
) -> Receipt:
    """Take what someone at the console says or does; an event without a number of its own gets a fresh one.

    `zone` is what the console says of where they are, as Slack does.
    """
    number = number or new_id()
    said = TextSent(text=content) if isinstance(content, str) else content
    event = Inbound(
        key=f"console:{user}:{number}", address=address_of(user), content=said, message_id=number, zone=zone
    )
    return await app.conversation.receive(event, now)


async def tick(app: App, now: datetime, jobs: Mapping[str, Body]) -> None:
    """Run the bodies of the fixed jobs once, and send what came of it."""
    for name in ("due", "digests", "requests"):
        await jobs[name](now)
    await app.delivery.drain()


async def next_due(app: App) -> datetime | None:
    """When the next thing falls due: a prompt, a timer, a digest, a message that waits."""
    return await app.database.read(_next_due)


def _next_due(connection: Connection) -> datetime | None:
    found = [
        people.next_prompt_at(connection),
        timers.next_timer_at(connection),
        agenda.next_errand_at(connection),
        outbox.next_due(connection),
    ]
    return min((at for at in found if at is not None), default=None)
