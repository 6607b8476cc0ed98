"""The coach's `reconnect NAME`: a client who lost their chat is reached in another one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.coaching.shared.find_client import Found, about_client
from bot.coaching.shared.roles import for_coach
from bot.messages import Reading
from bot.model.facts import ClientView, Facts
from bot.model.phrases import Late, phrase
from bot.model.records import CodeAsked
from bot.model.replies import Reply

RECONNECT_LIVES = timedelta(days=7)


def reconnect(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A code with which a client who lost their chat binds a new one; it takes effect after their own yes there."""

    def coded(view: ClientView, found: Found) -> Reply:
        engagement = view.engagement
        code = CodeAsked(role="reconnect", person=engagement.client, expires=now + RECONNECT_LIVES)
        said = phrase("reconnect_code", name=engagement.client_name, code=Late("code"), until=code.expires.date())
        return Reply(says=(said,), records=(code,))

    return about_client("reconnect", reading.rest, facts, coded)


CHAT_COMMANDS: Mapping[str, Callable[[Reading, Facts, datetime], Reply]] = {
    "reconnect": for_coach(reconnect),
}
