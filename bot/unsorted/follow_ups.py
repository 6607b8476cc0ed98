"""What comes after a dialogue has ended: the first commitment, a question about the rhythm, or nothing."""

from bot.coaching.rhythm.backoff import offer_to_move
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Given, Opening, Reply

ROUTINE = frozenset({"weekly-checkin", "daily-checkin", "one-tap", "due-today", "monday-focus"})


def routine_follows(given: Given) -> Reply | None:
    """After a routine question: a welcome back, or another hour."""
    wishes = given.facts.wishes
    if wishes.slowdown != "normal":
        return None if wishes.stopped else Reply(opens=Opening(dialogue="welcome-back"))
    return _offer(given.facts)


def _offer(facts: Facts) -> Reply | None:
    """Offered once, when the newest answer is the one that makes it worth asking; the hour never moves by itself."""
    minutes = tuple(at.hour * 60 + at.minute for at in facts.wishes.answer_times)
    chosen = facts.wishes.at
    if not offer_to_move(minutes, chosen) or offer_to_move(minutes[:-1], chosen):
        return None
    return Reply(says=(phrase("offer_to_move", at=chosen),))
