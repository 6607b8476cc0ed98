"""What a text is answered with when nothing waits for it: a report, a promise, a greeting, or what to say instead."""

from datetime import datetime

from bot.coaching.closing.rules import is_over
from bot.coaching.commitments.log import open_list, report_on, welcome_back
from bot.coaching.shared.roles import is_client
from bot.messages import DateKind, Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.replies import Reply
from bot.unsorted.client_commands import promise_of


def unplaced(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Take a report or a promise for what it is; anything else is answered with what this is and what it does."""
    if not is_client(facts):
        return Reply(says=(phrase("unplaced_coach" if facts.person.coach else "no_role"),))
    if facts.engagement is None or facts.wishes.stopped:
        return Reply(says=(is_over(facts) or phrase("unplaced_stopped"),))
    if reading.report and not reading.literal:
        return _reported(reading, facts)
    ahead = any(date.kind is DateKind.FUTURE for date in reading.dates)
    if ahead and reading.promises:
        return promise_of(reading.text, reading, facts)
    back = welcome_back(facts)
    if back is not None:
        return Reply(opens=back)
    return Reply(says=(phrase("unplaced_greeting" if reading.greets else "unplaced_client"),))


def _reported(reading: Reading, facts: Facts) -> Reply:
    """As `log` would, and how to take it back, since nobody asked."""
    wanted = facts.commitment(reading.commitment) if reading.commitment else None
    if wanted is None:
        return Reply(says=(phrase("log_which"), *open_list(facts)) if facts.open_commitments else open_list(facts))
    reply = report_on((wanted,), reading, facts)
    if not reply.records:
        return reply
    return Reply(says=(*reply.says, phrase("undo_hint")), records=reply.records, opens=reply.opens)
