"""Commands about the end of an engagement: a coach's `close`, a client's `closing`."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.closing.leads_to import offers
from bot.coaching.closing.rules import ABOUT_THE_COACHING, COACH_LEVELS, LOOKING_BACK, NEXT_CHAPTER, SPONSOR_CLOSE
from bot.coaching.planning.rules import NOTICE
from bot.coaching.rhythm.commands import day_ahead
from bot.coaching.shared.cards import Command
from bot.coaching.visibility.table import is_active
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.records_ending import ClosingUndone
from bot.model.replies import Given, Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import Dates, a_client, few

_PARTS: Mapping[str, str] = {
    "looking": LOOKING_BACK,
    "celebrate": "celebrate",
    "next": NEXT_CHAPTER,
    "about": ABOUT_THE_COACHING,
    "sponsor": SPONSOR_CLOSE,
    "data": "your-data",
}


def close(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """The end of an engagement on a day; `undo` behind the name takes it back, `levels` asks for the coach's view.

    Where no day is named it is the one that was agreed on, if that is near, and else the first that leaves closing its
    time.
    """
    engagement = view.engagement
    if not is_active(engagement):
        return Reply(says=(phrase("not_running", client=engagement.client_name),))
    word = reading.means(reading.rest)
    if word == "undo":
        return _undone(engagement, facts)
    if word == "levels":
        return Reply(opens=Opening(dialogue=COACH_LEVELS, engagement=engagement.id))
    day, wrong = day_ahead(reading, facts)
    if wrong is not None or _without_day(reading):
        return Reply(says=(wrong or phrase("help_close"),))
    plan = facts.plan_of(engagement.id)
    agreed = plan.ends if plan.ends and facts.today <= plan.ends <= facts.today + NOTICE else None
    day = day or agreed or facts.today + NOTICE
    known = {"day": (day.isoformat(), day)}
    return Reply(opens=Opening(dialogue="close-engagement", known=known, engagement=engagement.id))


def _without_day(reading: Reading) -> str:
    """What else was said behind the name: without the day and the small word before it."""
    text = " ".join(reading.rest.split())
    for found in reading.dates:
        text = text.replace(" ".join(found.phrase.split()), " ") if found.phrase else text
    words = text.split()
    while words and reading.means(words[-1]) == "on":
        words.pop()
    return " ".join(words)


def _undone(engagement: Engagement, facts: Facts) -> Reply:
    plan = facts.plan_of(engagement.id)
    if plan.phase != "closing":
        return Reply(says=(phrase("not_closing", client=engagement.client_name),))
    said = phrase("closing_undone", client=engagement.client_name)
    return Reply(says=(said,), records=(ClosingUndone(engagement=engagement.id),))


def closing(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The parts of closing, for a client: one that is named, or all of them to choose from."""
    engagement = facts.own_coaching
    plan = facts.plan_of(engagement.id) if engagement else None
    if engagement is None or plan is None or plan.phase not in ("closing", "follow_up", "ended"):
        return Reply(says=(phrase("closing_not_yet"),))
    part = _PARTS.get(reading.means(reading.rest)) or _PARTS.get(reading.means(reading.rest.partition(" ")[0]))
    if part is not None and (part != SPONSOR_CLOSE or plan.contracted):
        return Reply(opens=Opening(dialogue=part, engagement=engagement.id))
    given = Given(facts=facts, engagement=engagement.id)
    first = [(f"/closing {name}", phrase(f"button_{name}")) for name in ("looking", "celebrate", "next")]
    buttons = (*first, *offers(given), ("/closing data", phrase("button_data")))
    return Reply(says=(phrase("closing_parts"),), buttons=buttons)


COMMANDS: tuple[Command, ...] = (
    Command(verb="closing", who=Who.CLIENT, run=closing, shape=few),
    Command(
        verb="close",
        who=Who.COACH,
        about=close,
        more=True,
        in_free_text=a_client,
        dates=Dates.BEHIND_NAME,
    ),
)
