"""`agreement`: for a client to read and to confirm, for a coach to word anew."""

from datetime import datetime

from bot.coaching.relationship.lines import agreement_lines, term_in_words
from bot.coaching.relationship.rules import TERMS
from bot.coaching.shared.cards import Command
from bot.coaching.visibility.table import own_engagement
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.plan import Plan
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, few, few_or_client


def own_agreement(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The version that waits for the client's yes, or the one that holds."""
    engagement = own_engagement(facts)
    plan = facts.plan_of(engagement.id) if engagement else Plan()
    proposed = plan.proposed
    if proposed is not None and proposed.coach_ok is not None and proposed.client_ok is None:
        return Reply(opens=Opening(dialogue="agreement-confirm", items=(proposed.id,)))
    if plan.agreement is None:
        return Reply(says=(phrase("agreement_none"),))
    return Reply(says=(phrase("in_lines", lines=list(agreement_lines(plan.agreement))),))


def their_agreement(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A new version, drafted on what the newest one says."""
    plan, engagement = view.plan, view.engagement
    known: dict[str, object] = {}
    if plan.agreements:
        last = plan.agreements[-1]
        known = {name: (said, term_in_words(name, said)) for name in TERMS if (said := last.terms.get(name))}
        known |= {"until": (last.until.isoformat(), last.until)} if last.until else {}
    says = (phrase("agreement_anew"),) if known else ()
    return Reply(says=says, opens=Opening(dialogue="agreement", known=known, engagement=engagement.id))


COMMANDS = (
    Command(verb="agreement", who=Who.CLIENT, run=own_agreement, shape=few),
    Command(verb="agreement", who=Who.COACH, about=their_agreement, shape=few_or_client, in_free_text=a_client),
)
