"""Commands about reviews and adjustments."""

from datetime import datetime

from bot.coaching.planning.goals import goals_at_work
from bot.coaching.reviews.rules import OWN_REVIEW, REVIEW
from bot.coaching.shared.cards import Command
from bot.coaching.visibility.table import is_active
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.records_ending import Reviewed
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, alone


def own_review(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A client's own review, now."""
    if facts.engagement is None:
        return Reply(says=(phrase("not_started"),))
    goals = goals_at_work(facts, facts.engagement.id)
    kept = tuple(goal.id for goal in goals if goal.hidden)
    if kept and len(kept) == len(goals):
        return Reply(opens=Opening(dialogue=OWN_REVIEW, items=kept, private=True))
    return Reply(opens=Opening(dialogue=REVIEW))


def ask_for_review(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A coach has a client asked."""
    client = view.engagement.client_name
    if not is_active(view.engagement):
        return Reply(says=(phrase("not_running", client=client),))
    return Reply(says=(phrase("review_asked", client=client),), records=(Reviewed(engagement=view.engagement.id),))


def adjust_own(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Another date, size or end of a client's own goal."""
    return _adjust(facts.engagement, facts) if facts.engagement else Reply(says=(phrase("not_started"),))


def adjust_for_client(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """The same for a goal of the client whom a coach names."""
    return _adjust(view.engagement, facts)


def _adjust(engagement: Engagement, facts: Facts) -> Reply:
    if not is_active(engagement):
        return Reply(says=(phrase("not_running", client=engagement.client_name),))
    goals = goals_at_work(facts, engagement.id)
    known = {"which": (goals[0].id, goals[0].text)} if len(goals) == 1 else {}
    return Reply(opens=Opening(dialogue="adjust", known=known, engagement=engagement.id))


COMMANDS: tuple[Command, ...] = (
    Command(verb="review", who=Who.CLIENT, run=own_review, in_free_text=alone),
    Command(verb="adjust", who=Who.CLIENT, run=adjust_own, in_free_text=alone),
    Command(verb="review", who=Who.COACH, about=ask_for_review, in_free_text=a_client),
    Command(verb="adjust", who=Who.COACH, about=adjust_for_client, in_free_text=a_client),
)
