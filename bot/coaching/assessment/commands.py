"""`assessment`: a client takes stock of their strengths and direction."""

from datetime import datetime

from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Opening, Reply


def assessment(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client begins it of their own accord, so that nobody asks whether they want to."""
    if facts.engagement is None:
        return Reply(says=(phrase("not_started"),))
    return Reply(opens=Opening(dialogue="strengths-and-direction", known={"begin": ("start", "start")}))
