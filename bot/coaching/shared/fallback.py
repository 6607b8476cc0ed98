"""What a text is answered with that nothing waits for and no feature takes: what this is, and what it understands."""

from datetime import datetime

from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Reply


def what_this_is(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A greeting is returned; anything else is answered with what one can say here, by role."""
    if not facts.is_client:
        return Reply(says=(phrase("unplaced_coach" if facts.person.coach else "no_role"),))
    return Reply(says=(phrase("unplaced_greeting" if reading.greets else "unplaced_client"),))
