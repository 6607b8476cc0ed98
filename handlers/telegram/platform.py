"""Telegram's card: what is set for it, how it is built, how fast it takes messages, what shows that it works."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.engine.library import Library
from bot.features import menu
from bot.messages.incoming import Address
from bot.model.roles import Who
from bot.settings import Settings, revealed
from handlers.platform import Check, Doctor, Need, Platform, Way
from handlers.telegram.limits import PACE
from storage.database.open import Database
from storage.people import engagements, people

if TYPE_CHECKING:
    from handlers.telegram.commands import Role
    from handlers.telegram.service import Telegram

NAME = "telegram"


def _needs(settings: Settings) -> Sequence[Need]:
    if not settings.telegram_webhook_url:
        return ()
    token = "" if settings.telegram_bot_token else "TELEGRAM_BOT_TOKEN"
    secret = "" if settings.telegram_webhook_secret else "TELEGRAM_WEBHOOK_SECRET"
    return (
        Need(missing=token, because="TELEGRAM_WEBHOOK_URL needs the bot's token from BotFather"),
        Need(missing=secret, because="a webhook needs a secret of your own, 1 to 256 letters"),
    )


def _way(settings: Settings) -> Way | None:
    if not settings.telegram_bot_token:
        return None
    webhook = bool(settings.telegram_webhook_url)
    return Way(named="Telegram", served=f"Telegram by {'webhook' if webhook else 'polling'}", over_http=webhook)


def _build(settings: Settings, database: Database, library: Library) -> "Telegram":
    from handlers.telegram.service import Telegram

    async def role_of(address: Address) -> "Role | None":
        return await database.read(partial(role, address=address))

    return Telegram(
        revealed(settings.telegram_bot_token),
        api_url=settings.telegram_api_url,
        url=settings.telegram_webhook_url or "",
        secret=revealed(settings.telegram_webhook_secret),
        wordings=library.wordings,
        role_of=role_of,
        menus={who: menu(who) for who in (Who.COACH, Who.CLIENT)},
    )


def role(connection: Connection, address: Address) -> "Role | None":
    """What whoever has an address is to us; None where nobody has it."""
    from handlers.telegram.commands import Role

    who = people.who(connection, address)
    if who is None:
        return None
    known = who[1]
    client = bool(engagements.engagements_as_client(connection, known.id))
    return Role(coach=known.coach, client=client, language=known.language)


def _asked(settings: Settings) -> Sequence[Check]:
    if not settings.telegram_bot_token:
        return ()
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{revealed(settings.telegram_bot_token)}/getMe"
    return (Check(url=url, found=_found),)


def _found(answer: Mapping[str, Any]) -> tuple[bool, str]:
    if answer.get("ok"):
        return True, f"the token is @{answer.get('result', {}).get('username', '?')}'s"
    return False, "TELEGRAM_BOT_TOKEN is refused: set the token that @BotFather shows."


PLATFORM = Platform(
    name=NAME,
    least="TELEGRAM_BOT_TOKEN",
    needs=_needs,
    way=_way,
    build=_build,
    pace=PACE,
    doctor=Doctor(asked=_asked),
    how_to_join="invite_telegram",
    spare_for=frozenset({"slack"}),  # someone in their employer's workspace may lose that account
    turn="telegram polling",
)
