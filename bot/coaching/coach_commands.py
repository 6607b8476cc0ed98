"""What a coach can say: pure functions from a reading and the facts to a reply, over the coach's own practice only."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from bot.coaching.client_commands import CLIENT_COMMANDS
from bot.coaching.digest import client_lines, roster_lines, weekly_digest
from bot.coaching.roles import Command, for_coach, help_command, is_client
from bot.coaching.validators import NAME
from bot.facts import ClientView, Facts
from bot.messages import Reading
from bot.records import Invited, Looked, Phrase, Reply, phrase

CODE = "{code}"  # stands for the code in what is said; the code itself is made when the record is written
INVITE_FOR = timedelta(days=14)
_ALIKE = 80  # of 100: "Raviv" is Ravi, "Jon" is Jo, "Sam" is not Tom


def invite(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A one-time code for a client, and first what that client will be told."""
    name = " ".join(reading.rest.split())
    if not name:
        return Reply(says=(phrase("invite_how"),))
    if len(name) > NAME:
        return Reply(says=(phrase("wrong_name", limit=NAME),))
    expires = now + INVITE_FOR
    last = expires.astimezone(ZoneInfo(facts.person.zone)).date()
    return Reply(
        says=(
            phrase("invite_preview", name=name, coach=facts.person.name),
            phrase("invite_ready", name=name, code=CODE, day=last),
            *_ways_in(facts),
        ),
        records=(Invited(code="", name=name, expires=expires),),
    )


def _ways_in(facts: Facts) -> tuple[Phrase, ...]:
    """What can be handed on: the link into Telegram, and a letter for whoever looks after a company's Slack."""
    says: tuple[Phrase, ...] = ()
    if "telegram" in facts.links:
        says += (phrase("invite_telegram", link=f"https://t.me/{facts.links['telegram']}?start={CODE}"),)
    if "slack" in facts.links:
        says += (phrase("invite_slack_letter", link=facts.links["slack"], coach=facts.person.name),)
    return says


def clients(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everybody on one line each, those with a signal first."""
    if not facts.practice:
        return Reply(says=(phrase("digest_empty"),))
    lines = list(roster_lines(facts.practice, facts.today))
    return Reply(says=(phrase("in_lines", lines=lines),), records=_looked(facts.practice))


def client(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """One client in full, found by name; several that fit are offered with a number."""
    if not facts.practice:
        return Reply(says=(phrase("digest_empty"),))
    if not reading.rest.strip():
        return Reply(says=(phrase("client_how"),))
    found = find_clients(reading.rest, facts.practice)
    if len(found) != 1:
        return Reply(says=_which(reading.rest, found, facts))
    lines = list(client_lines(found[0], facts.today))
    return Reply(says=(phrase("in_lines", lines=lines),), records=_looked(found))


def digest(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The weekly digest, now."""
    lines = list(weekly_digest(facts.practice, facts.today))
    return Reply(says=(phrase("in_lines", lines=lines),), records=_looked(facts.practice))


def _looked(views: Iterable[ClientView]) -> tuple[Looked, ...]:
    return tuple(Looked(client=view.engagement.client) for view in views)


# -- finding a client ------------------------------------------------------------------------------------------------


def find_clients(wanted: str, practice: tuple[ClientView, ...]) -> tuple[ClientView, ...]:
    """The clients that a name may mean: an offer's number, the whole name, words or beginnings of it, or nearly it."""
    listed = _numbered(practice)
    text = _plain(wanted)
    if text.isdecimal():
        return tuple(view for number, view in listed if number == int(text))
    named = [(_plain(view.engagement.client_name), view) for _, view in listed]
    for fits in (_whole, _words, _begins, _nearly):
        found = tuple(view for name, view in named if text and fits(text, name))
        if found:
            return found
    return ()


def _numbered(practice: tuple[ClientView, ...]) -> list[tuple[int, ClientView]]:
    ordered = sorted(practice, key=lambda v: (_plain(v.engagement.client_name), v.engagement.id))
    return list(enumerate(ordered, 1))


def _whole(text: str, name: str) -> bool:
    return text == name


def _words(text: str, name: str) -> bool:
    """Every word is one of the name's: "jo" is Jo Lang before it is José."""
    return set(text.split()) <= set(name.split())


def _begins(text: str, name: str) -> bool:
    """Every word begins a word of the name: "ana m" is Ana Moreira."""
    return all(any(part.startswith(word) for part in name.split()) for word in text.split())


def _nearly(text: str, name: str) -> bool:
    return any(fuzz.ratio(text, part) >= _ALIKE for part in (name, *name.split()))


def _plain(text: str) -> str:
    """Lower case, without accents and punctuation: "José" is found by "jose"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).casefold().split())


def _which(wanted: str, found: tuple[ClientView, ...], facts: Facts) -> tuple[Phrase, ...]:
    if not found:
        return (phrase("client_unknown", name=" ".join(wanted.split())[:NAME]),)
    lines = [
        phrase("client_choice", number=number, client=view.engagement.client_name)
        for number, view in _numbered(facts.practice)
        if view in found
    ]
    return (phrase("client_which", lines=lines),)


COACH_COMMANDS: Mapping[str, Command] = {
    "invite": for_coach(invite),
    "clients": for_coach(clients),
    "client": for_coach(client),
    "digest": for_coach(digest),
    "help": help_command,
}


def commands_for(facts: Facts) -> Mapping[str, Command]:
    """The commands that this person has, by role: a client's, a coach's, both or none."""
    return {
        **(COACH_COMMANDS if facts.person.coach else {}),
        **(CLIENT_COMMANDS if is_client(facts) else {}),
    }
