"""What invitations can point to, and the pages behind the links of guests."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from starlette.routing import Route

from bot.app import App
from bot.conversation.guest_forms import page
from bot.messages.outgoing import Message
from bot.model.links import Link
from bot.platforms import PLATFORMS
from bot.settings import Settings
from handlers.platform import Service
from handlers.web.routes import PREFIX, routes

WEB = "web"


def links_of(settings: Settings, services: Mapping[str, Service]) -> Mapping[str, Link]:
    """What can be pointed to just now, by platform, and the pages for guests."""
    found = {}
    for platform in PLATFORMS:
        service = services.get(platform.name)
        if service is not None and service.link:
            link = Link(to=service.link, how_to_join=platform.how_to_join, spare_for=platform.spare_for)
            found[platform.name] = link
    if settings.public_url and settings.http_port:
        found[WEB] = Link(to=f"{settings.public_url.rstrip('/')}{PREFIX}")
    return found


def guests_of(settings: Settings, app: App, clock: Callable[[], datetime]) -> list[Route]:
    """The pages behind one-time links, where this server has an address from outside."""
    if not settings.public_url:
        return []

    async def look(code: str) -> Message | None:
        return await app.database.read(partial(page, code=code, now=clock(), library=app.library))

    wording = app.library.wordings["en"]
    unknown = Message(text=f"{wording.say('web_unknown_title')}\n\n{wording.say('web_unknown')}")
    return routes(look, app.conversation.receive, clock, title=wording.say("web_title"), unknown=unknown)
