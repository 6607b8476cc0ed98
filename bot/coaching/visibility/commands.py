"""`private`, `whosees`, `accesslog`: a client decides who sees something, and reads who may and who did."""

from datetime import datetime

from bot.coaching.shared.cards import Command, Shown
from bot.coaching.visibility.lines import own_coach
from bot.coaching.visibility.table import Data, Role, may_read, own_engagement
from bot.coaching.visibility.whosees import whosees_rows
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.answers import Audience
from bot.model.people.engagements import Access
from bot.model.phrases import Phrase, phrase
from bot.model.records import Remarked
from bot.model.replies import HideAnswer, Reply
from bot.model.roles import Who
from bot.understanding.commands import Content, alone, anything

PRIVATE = "private"
# What the access log has words for.
_NAMED = (
    *("client", "clients", "digest", "brief", "everything"),
    *("reconnect_code", "reconnect_yes", "reconnect_bound"),
)


def private(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """With words: keep them, not shown to the coach. Without: the last answer is not shown any more."""
    text = reading.rest.strip()
    if text:
        record = Remarked(key="journal", kind="journal", text=text, audience=Audience.PRIVATE)
        return Reply(says=(phrase("private_kept"),), records=(record,), own=True)
    last = facts.last
    if last is None:
        return Reply(says=(phrase("private_how"),))
    if facts.is_setting(last.dialogue):
        return Reply(says=(phrase("set_and_not_told"),))
    if not last.question and last.dialogue != PRIVATE:
        return Reply(says=(phrase("private_no_answer"),))
    if last.audience is Audience.PRIVATE or not last.question:
        return Reply(says=(phrase("private_already", answer=last.label or phrase("last_answer")),))
    says = [phrase("private_now", answer=last.label or phrase("last_answer"))]
    says.append(phrase("private_seen" if last.seen else "private_unseen", coach=own_coach(facts)))
    return Reply(says=tuple(says), then=HideAnswer(run=last.run, question=last.question))


def whosees(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The table by which everything that leaves is decided."""
    engagement = own_engagement(facts)
    if engagement is None:
        return Reply(says=(phrase("no_role"),))
    return Reply(
        says=(phrase("in_lines", lines=list(whosees_rows(engagement, facts.today))), phrase("whosees_operator"))
    )


def accesslog(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Who looked at what of the client's, and on which day; never at which hour."""
    if not may_read(Role.CLIENT, Data.AUDIT, own=True) or not facts.accesses:
        return Reply(says=(phrase("access_none"),))
    lines = [phrase("access_line", day=access.day, who=_who(access), what=_what(access)) for access in facts.accesses]
    return Reply(says=(phrase("access_heading"), phrase("in_lines", lines=lines)))


def _who(access: Access) -> str | Phrase:
    return access.who or phrase("access_operator")


def _what(access: Access) -> Phrase:
    return phrase(f"access_{access.what if access.what in _NAMED else 'other'}")


COMMANDS: tuple[Command, ...] = (
    # It counts everywhere: taken for an answer, a private entry would be shown to the coach.
    Command(
        verb=PRIVATE,
        who=Who.CLIENT,
        run=private,
        in_free_text=anything,
        content=Content.ANSWER,
        needs=frozenset({Need.LAST_ANSWER}),
        shown=Shown.FIRST,
    ),
    Command(verb="whosees", who=Who.CLIENT, run=whosees, shape=alone),
    Command(verb="accesslog", who=Who.CLIENT, run=accesslog, shape=alone, needs=frozenset({Need.ACCESS})),
)
