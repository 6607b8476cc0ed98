"""`assessment`: a client takes stock of their strengths and direction."""

from datetime import datetime

from bot.coaching.shared.cards import Command
from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import few


def assessment(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client begins it of their own accord, so that nobody asks whether they want to."""
    if facts.engagement is None:
        return Reply(says=(phrase("not_started"),))
    return Reply(opens=Opening(dialogue="strengths-and-direction", known={"begin": ("start", "start")}))


COMMANDS: tuple[Command, ...] = (Command(verb="assessment", who=Who.CLIENT, run=assessment, shape=few),)
