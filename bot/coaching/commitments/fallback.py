"""A report or a promise in a text that nothing waits for."""

from dataclasses import replace
from datetime import datetime

from bot.coaching.commitments.commands import asked_after_the_end, day_of, promise_of, several_of
from bot.coaching.commitments.log import open_list, report_on
from bot.coaching.habits.fallback import habit_done
from bot.engine.answers import unkept_rule, words_of_list
from bot.messages.readings import DateKind, Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Opening, Reply


def taken_for_what_it_is(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """As `log` or `commit` would take the words; None where they are neither a report nor a promise."""
    if facts.engagement is None and asked_after_the_end(facts) is None:
        return None
    if reading.report and not reading.literal:
        return _reported(reading, facts)
    ahead = any(date.kind is DateKind.FUTURE for date in (*reading.dates, *(deed.day for deed in reading.deeds)))
    several = reading.habit is not None and len(reading.deeds) > 1  # one of them comes again
    return promise_of(reading.text, reading, facts) if several or (ahead and reading.promises) else None


def one_more(reading: Reading, facts: Facts) -> Reply | None:
    """A sentence with a verb, a day or a rule, said where a number was asked for, is offered as one more commitment.

    That a habit was done is told there as anywhere.
    """
    if reading.report == "done" and not reading.literal and facts.engagement is not None:
        return habit_done(reading, facts)
    if facts.engagement is None or reading.report or reading.literal or not any(deed.text for deed in reading.deeds):
        return None
    if reading.habit is not None:
        return _one_more_habit(reading, facts)
    ahead = any(day_of(deed, facts)[0] for deed in reading.deeds)
    if not (reading.promises or ahead):
        return None
    known = promise_of(reading.text, reading, facts).opens
    return Reply(opens=Opening(dialogue="one-more", known=known.known)) if known is not None else None


def _one_more_habit(reading: Reading, facts: Facts) -> Reply | None:
    """What comes again and again is offered with its rule, alone too."""
    wrong = unkept_rule(reading.deeds)
    if wrong is not None:
        return Reply(says=(wrong,))
    entries = several_of(reading.deeds, facts)
    return Reply(opens=Opening(dialogue="one-more", known={"what": (entries, words_of_list(entries))}))


def _reported(reading: Reading, facts: Facts) -> Reply:
    """As `log` would, and how to take it back, since nobody asked."""
    wanted = facts.commitment(reading.commitment) if reading.commitment else None
    if wanted is None:
        return Reply(says=(phrase("log_which"), *open_list(facts)) if facts.open_commitments else open_list(facts))
    reply = report_on((wanted,), reading, facts)
    if not reply.records:
        return reply
    return replace(reply, says=(*reply.says, phrase("undo_hint")))
