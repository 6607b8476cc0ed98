"""Commands about reviews, adjustments, and the end of an engagement: review, adjust, close, closing, reopen."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.coaching.closing.follow_ups import offers
from bot.coaching.closing.rules import goals_shown
from bot.coaching.planning.rules import NOTICE
from bot.coaching.rhythm.commands import day_ahead
from bot.coaching.shared.find_client import Found, about_client
from bot.coaching.shared.roles import Command, for_client, for_coach, help_line, is_client
from bot.coaching.visibility.table import is_active
from bot.messages import Reading
from bot.model.facts import ClientView, Engagement, Facts
from bot.model.phrases import phrase
from bot.model.records_ending import ClosingUndone, Reopened, Reopening, Reviewed
from bot.model.replies import Given, Opening, Reply

_PARTS: Mapping[str, str] = {
    "looking": "looking-back",
    "celebrate": "celebrate",
    "next": "next-chapter",
    "about": "about-the-coaching",
    "sponsor": "sponsor-close",
    "data": "your-data",
}


# -- review and adjust -----------------------------------------------------------------------------------------------


def review(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A client's own review, now; a coach has a client asked."""
    if facts.person.coach and (reading.rest.strip() or facts.engagement is None):
        return about_client("review", reading.rest, facts, _asked_for_review)
    return Reply(opens=Opening(dialogue="review")) if facts.engagement else Reply(says=(phrase("not_started"),))


def _asked_for_review(view: ClientView, found: Found) -> Reply:
    client = view.engagement.client_name
    if not is_active(view.engagement):
        return Reply(says=(phrase("not_running", client=client),))
    return Reply(says=(phrase("review_asked", client=client),), records=(Reviewed(engagement=view.engagement.id),))


def adjust(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Another date, size or end of a goal: a client's own, or of the client whom a coach names."""
    if facts.person.coach and (reading.rest.strip() or facts.engagement is None):
        return about_client("adjust", reading.rest, facts, lambda view, _: _adjusting(view.engagement, facts))
    return _adjusting(facts.engagement, facts) if facts.engagement else Reply(says=(phrase("not_started"),))


def _adjusting(engagement: Engagement, facts: Facts) -> Reply:
    if not is_active(engagement):
        return Reply(says=(phrase("not_running", client=engagement.client_name),))
    goals = [goal for goal in goals_shown(facts, engagement.id) if goal.state == "active"]
    known = {"which": (goals[0].id, goals[0].text)} if len(goals) == 1 else {}
    return Reply(opens=Opening(dialogue="adjust", known=known, engagement=engagement.id))


# -- the end ---------------------------------------------------------------------------------------------------------


def close(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The end of an engagement on a day; `close NAME undo` takes it back.

    Where none is named it is the day that was agreed on, if that is near, and else in three weeks.
    """

    def closed(view: ClientView, found: Found) -> Reply:
        if not is_active(view.engagement):
            return Reply(says=(phrase("not_running", client=view.engagement.client_name),))
        return _closed(view.engagement, found.rest, reading, facts)

    return about_client("close", reading.rest, facts, closed, more=True)


def _closed(engagement: Engagement, rest: str, reading: Reading, facts: Facts) -> Reply:
    word = reading.means(rest)
    if word == "undo":
        return _undone(engagement, facts)
    if word == "levels":
        return Reply(opens=Opening(dialogue="coach-levels", engagement=engagement.id))
    day, wrong = day_ahead(reading, facts)
    if wrong is not None or _without_day(rest, reading):
        return Reply(says=(wrong or help_line("close", coach=True),))
    plan = facts.plan_of(engagement.id)
    agreed = plan.ends if plan.ends and facts.today <= plan.ends <= facts.today + NOTICE else None
    day = day or agreed or facts.today + NOTICE
    known = {"day": (day.isoformat(), day)}
    return Reply(opens=Opening(dialogue="close-engagement", known=known, engagement=engagement.id))


def _without_day(rest: str, reading: Reading) -> str:
    """What else was said behind the name: without the day and the small word before it."""
    text = " ".join(rest.split())
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
    if part is not None and (part != "sponsor-close" or plan.contracted):
        return Reply(opens=Opening(dialogue=part, engagement=engagement.id))
    given = Given(facts=facts, engagement=engagement.id)
    first = [(f"/closing {name}", phrase(f"button_{name}")) for name in ("looking", "celebrate", "next")]
    buttons = (*first, *offers(given), ("/closing data", phrase("button_data")))
    return Reply(says=(phrase("closing_parts"),), buttons=buttons)


def reopen(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The coach picks an engagement up again: at once where the client has asked for a word, else after their yes."""
    return about_client("reopen", reading.rest, facts, lambda view, _: _reopened(view, facts))


def _reopened(view: ClientView, facts: Facts) -> Reply:
    engagement = view.engagement
    if engagement.state != "closed":
        return Reply(says=(phrase("reopen_running", client=engagement.client_name),))
    recent = view.call_wanted is not None and facts.today - view.call_wanted <= timedelta(days=21)
    if recent:
        said = phrase("reopened_now", client=engagement.client_name)
        return Reply(says=(said,), records=(Reopened(engagement=engagement.id, by="coach"),))
    said = phrase("reopen_asked", client=engagement.client_name)
    return Reply(says=(said,), records=(Reopening(engagement=engagement.id),))


def _for_either(command: Command) -> Command:
    """The command, for coaches and clients; others are told kindly."""

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        if facts.person.coach or is_client(facts):
            return command(reading, facts, now)
        return Reply(says=(phrase("no_role"),))

    return run


CLOSING_COMMANDS: Mapping[str, Command] = {
    "review": _for_either(review),
    "adjust": _for_either(adjust),
    "close": for_coach(close),
    "closing": for_client(closing),
    "reopen": for_coach(reopen),
}
