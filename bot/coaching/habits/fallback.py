"""A habit, or one more of it, in a text that nothing waits for."""

from dataclasses import replace
from datetime import datetime

from bot.coaching.habits.commands import habit_named, one_more, taken_as_habit, week_told
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Reply


def habit_out_of_the_blue(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """As `commit` or `log` would take the words; None where no habit is meant."""
    if facts.engagement is None or reading.literal:
        return None
    if len(reading.deeds) > 1 and reading.habit is not None:
        return None
    if reading.habit is not None:
        return taken_as_habit(reading.habit, reading.text, facts)
    return habit_done(reading, facts) or week_told(reading.text, facts)


def habit_done(reading: Reading, facts: Facts) -> Reply | None:
    """One more of the habit that a report names, and how to take it back, since nobody asked."""
    if reading.report != "done" or reading.commitment:
        return None
    habit, _ = habit_named(reading.text, facts)
    if habit is None or habit.ended:
        return None
    reply = one_more(habit, facts)
    return replace(reply, says=(*reply.says, phrase("undo_hint")), own=habit.private) if reply.records else reply
