"""`callme`: a client wants a word with the coach, who hears of it at once; while they are away, whoever covers does."""

from datetime import datetime

from bot.coaching.follow_up.lines import word_wanted
from bot.coaching.visibility.table import cover_of, is_active, own_engagement
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.records import CallWanted
from bot.model.replies import Notification, Reply


def callme(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Ask the coach for a word; the coach, or whoever covers, hears of it at once, and only that."""
    engagement = own_engagement(facts)
    if engagement is None or not is_active(engagement):
        return call_afterwards(facts) or Reply(says=(phrase("not_started"),))
    says, tells = call(facts, engagement)
    return Reply(says=says, records=(CallWanted(engagement=engagement.id),), tells=tells)


def call(facts: Facts, engagement: Engagement) -> tuple[tuple[Phrase, ...], tuple[Notification, ...]]:
    """Who hears that the client wants a call: whoever covers, else the coach; and what the client is told."""
    said, tells = call_elsewhere(facts, engagement)
    if tells:
        return said, tells
    told = Notification(person=engagement.coach, phrase=phrase("call_wanted", client=engagement.client_name))
    return (phrase("call_asked", coach=engagement.coach_name), *said), (told,)


def call_elsewhere(facts: Facts, engagement: Engagement) -> tuple[tuple[Phrase, ...], tuple[Notification, ...]]:
    """While the coach is away: what the client is told of it, and whoever covers is told of the call; else nothing."""
    cover = cover_of(engagement, facts.today)
    names = {"client": engagement.client_name, "coach": engagement.coach_name}
    if cover is not None:
        wanted = phrase("cover_call_wanted", **names, day=cover.last)
        said = phrase("cover_call_asked", **names, cover=cover.name, day=cover.last)
        return (said,), (Notification(person=cover.coach, phrase=wanted),)
    until = facts.away.get(engagement.coach)
    return ((phrase("call_away", coach=engagement.coach_name, day=until),) if until is not None else ()), ()


# -- after the end ---------------------------------------------------------------------------------------------------


def call_afterwards(facts: Facts) -> Reply | None:
    """A word with the coach after the end; None while an engagement runs."""
    engagement = facts.own_coaching
    if engagement is None or engagement.state != "closed":
        return None
    return Reply(
        says=(phrase("call_asked", coach=engagement.coach_name),),
        records=(CallWanted(engagement=engagement.id),),
        tells=(word_wanted(engagement),),
    )
