"""What anybody can ask for about their own data: `export`, `delete`, and the client's `accesslog`."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.shared.roles import Command, for_client, is_client
from bot.coaching.visibility.table import Data, Role, may_read
from bot.messages import Reading
from bot.model.facts import Access, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.records import DataAsked
from bot.model.replies import Opening, Reply

_TOLD = ("client", "clients", "digest", "brief", "everything")


def export(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A copy of all that is theirs, as files in the chat where it was asked for."""
    if not (facts.person.coach or is_client(facts)):
        return Reply(says=(phrase("no_role"),))
    return Reply(says=(phrase("export_coming"),), records=(DataAsked(kind="export"),))


def delete(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everything gone, after two questions."""
    if not (facts.person.coach or is_client(facts)):
        return Reply(says=(phrase("no_role"),))
    return Reply(opens=Opening(dialogue="delete"))


def accesslog(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Who looked at what of the client's, and on which day; never at which hour."""
    if not may_read(Role.CLIENT, Data.AUDIT, own=True) or not facts.accesses:
        return Reply(says=(phrase("access_none"),))
    lines = [phrase("access_line", day=access.day, who=_who(access), what=_what(access)) for access in facts.accesses]
    return Reply(says=(phrase("access_heading"), phrase("in_lines", lines=lines)))


def _who(access: Access) -> str | Phrase:
    return access.who or phrase("access_operator")


def _what(access: Access) -> Phrase:
    return phrase(f"access_{access.what if access.what in _TOLD else 'other'}")


DATA_COMMANDS: Mapping[str, Command] = {
    "export": export,
    "delete": delete,
    "accesslog": for_client(accesslog),
}
