"""What comes after a routine question, or any word after a silence: a way back, or another hour."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.coaching.commitments.log import welcome_back
from bot.coaching.rhythm.backoff import offer_to_move
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Given, Opening, Reply

ROUTINE = ("weekly-checkin", "daily-checkin", "one-tap", "due-today", "monday-focus")


def after_routine(given: Given) -> Reply | None:
    """A welcome back after a silence; at full pace another hour, where answers come at one."""
    wishes = given.facts.wishes
    if wishes.slowdown == "normal":
        return _another_hour(given.facts)
    return None if wishes.stopped else Reply(opens=Opening(dialogue="welcome-back"))


def _another_hour(facts: Facts) -> Reply | None:
    """Offered once, when the newest answer is the one that makes it worth asking; the hour never moves by itself."""
    minutes = tuple(at.hour * 60 + at.minute for at in facts.wishes.answer_times)
    chosen = facts.wishes.at
    if not offer_to_move(minutes, chosen) or offer_to_move(minutes[:-1], chosen):
        return None
    return Reply(says=(phrase("offer_to_move", at=chosen),))


def welcomed_back(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """The question whether to go on as before; None where it has not been quiet."""
    back = welcome_back(facts) if facts.engagement is not None else None
    return Reply(opens=back) if back is not None else None


FOLLOW_UPS: Mapping[str, Callable[[Given], Reply | None]] = dict.fromkeys(ROUTINE, after_routine)
