"""Any word after a silence: the rhythm returns only after asking."""

from datetime import datetime

from bot.coaching.commitments.log import welcome_back
from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.replies import Reply


def welcomed_back(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """The question whether to go on as before; None where it has not been quiet."""
    back = welcome_back(facts) if facts.engagement is not None else None
    return Reply(opens=back) if back is not None else None
