"""What a client is answered whose coaching is over, or who has stopped."""

from datetime import datetime

from bot.coaching.shared.lines import after_closing
from bot.messages.readings import DateKind, Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Reply


def over_or_stopped(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """How to go on; None while the coaching runs, and for a promise after it or a word on one."""
    ended = facts.ended
    if ended is not None and "follow_up" in ended.consents and (reading.commitment or _promises(reading)):
        return None
    if not facts.is_client or (facts.engagement is not None and not facts.wishes.stopped):
        return None
    return Reply(says=(after_closing(facts) or phrase("unplaced_stopped"),))


def _promises(reading: Reading) -> bool:
    """Whether something is promised for a day to come."""
    return reading.promises and any(deed.day.kind is DateKind.FUTURE for deed in reading.deeds)
