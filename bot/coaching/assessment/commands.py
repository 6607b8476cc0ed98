"""`assessment`: a client takes stock of their strengths and direction; a coach sends it to one."""

from datetime import datetime

from bot.coaching.shared.cards import Command
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.records_plan import Scheduled
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, few, few_or_client

STRENGTHS = "strengths-and-direction"


def assessment(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client begins it of their own accord, so that nobody asks whether they want to."""
    if facts.engagement is None:
        return Reply(says=(phrase("not_started"),))
    return Reply(opens=Opening(dialogue=STRENGTHS, known={"begin": ("start", "start")}))


def sent(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """The coach sends it: it comes in the client's own rhythm, and they may say "not now"."""
    own = view.engagement
    asked = Scheduled(dialogue=STRENGTHS, day=facts.today, engagement=own.id, person=own.client, sent=True)
    return Reply(says=(phrase("assessment_sent", client=view.name),), records=(asked,))


COMMANDS: tuple[Command, ...] = (
    Command(verb="assessment", who=Who.CLIENT, run=assessment, shape=few),
    Command(verb="assessment", who=Who.COACH, about=sent, shape=few_or_client, in_free_text=a_client),
)
