"""What a text is answered with when nothing waits for it: a report, a promise, a greeting, or what to say instead."""

import re
from datetime import datetime

from bot.coaching.client_commands import promise_of
from bot.coaching.closing_parts import is_over
from bot.coaching.log_command import open_list, report_on, welcome_back
from bot.coaching.roles import is_client
from bot.coaching.safety import stay
from bot.facts import Facts
from bot.messages import DateKind, Reading
from bot.phrases import phrase
from bot.replies import Reply

_PROMISE = re.compile(
    r"\bi\s*['’]?\s*ll\b|\bi\s+(?:will|shall|am\s+going\s+to|plan\s+to)\b|\bi['’]m\s+going\s+to\b", re.I
)
_GREETING = re.compile(
    r"(?:(?:many\s+|vielen\s+|ok(?:ay)?\W+)?"
    r"(?:thanks|thank\s+you|thx|ty|cheers|hello|hi|hey|good\s+(?:morning|afternoon|evening|day)|ok(?:ay)?|great|perfect|cool"
    r"|dank(?:e(?:sch[oö]n)?)?|hallo|guten\s+(?:morgen|tag|abend)|super|prima)"
    r"(?:\s+(?:there|a\s+lot|so\s+much|very\s+much|again|throughline|sehr|dir|ihnen))*[\s.!,]*)?"
    "[\N{THUMBS UP SIGN}\N{OK HAND SIGN}\N{PERSON WITH FOLDED HANDS}\N{SLIGHTLY SMILING FACE}"
    "\N{SMILING FACE WITH SMILING EYES}\N{HEAVY BLACK HEART}"
    "\N{VARIATION SELECTOR-16}\U0001f3fb-\U0001f3ff\\s]*",  # any tone of skin
    re.IGNORECASE,
)


def unplaced(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Take a report or a promise for what it is; anything else is answered with what this is and what it does."""
    if not is_client(facts):
        return Reply(says=(phrase("unplaced_coach" if facts.person.coach else "no_role"),))
    if facts.wishes.held is not None:
        return stay(facts)
    if facts.engagement is None or facts.wishes.stopped:
        return Reply(says=(is_over(facts) or phrase("unplaced_stopped"),))
    if reading.report and not reading.literal:
        return _reported(reading, facts)
    ahead = any(date.kind is DateKind.FUTURE for date in reading.dates)
    if ahead and _PROMISE.search(reading.text):
        return promise_of(reading.text, reading.dates, facts)
    back = welcome_back(facts)
    if back is not None:
        return Reply(opens=back)
    text = reading.text.strip(" \t\n.,;!?)")
    greeting = text and _GREETING.fullmatch(text)
    return Reply(says=(phrase("unplaced_greeting" if greeting else "unplaced_client"),))


def _reported(reading: Reading, facts: Facts) -> Reply:
    """As `log` would, and how to take it back, since nobody asked."""
    wanted = facts.commitment(reading.commitment) if reading.commitment else None
    if wanted is None:
        return Reply(says=(phrase("log_which"), *open_list(facts)) if facts.open_commitments else open_list(facts))
    reply = report_on((wanted,), reading, facts)
    if not reply.records:
        return reply
    return Reply(says=(*reply.says, phrase("undo_hint")), records=reply.records, opens=reply.opens)
