"""`private`, `whosees`, `accesslog`: a client decides who sees something, and reads who may and who did."""

from datetime import datetime

from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.lines import on_one_line
from bot.coaching.visibility.lines import own_coach
from bot.coaching.visibility.table import Data, Role, may_read, own_engagement
from bot.coaching.visibility.whosees import whosees_rows
from bot.engine.state import short
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.answers import Audience, Remark
from bot.model.people.engagements import Access
from bot.model.phrases import Phrase, phrase
from bot.model.records import Remarked
from bot.model.replies import HideAnswer, Reply
from bot.model.roles import Who
from bot.rendering.shortening import shortened
from bot.understanding.commands import Content, alone, anything

PRIVATE = "private"
_QUOTED = 8  # characters from which on words are looked for in what was shared
_NAMED_AT_MOST, _ASKED_ABOUT = 60, 3
# What the access log has words for.
_NAMED = (
    *("client", "clients", "digest", "brief", "everything"),
    *("reconnect_code", "reconnect_yes", "reconnect_bound"),
)


def private(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """With words: keep them, not shown to the coach. Without: the last answer is not shown any more."""
    text = reading.rest.strip()
    named = next((each for each in facts.remarks if each.run and short(each.run) == text), None)
    if named is not None:
        return _hidden(named.run, named.kind, (named.text,), facts, seen=True)
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
    return _hidden(last.run, last.question, last.labels, facts, seen=last.seen)


def _hidden(run: str, question: str, labels: tuple[str, ...], facts: Facts, *, seen: bool) -> Reply:
    """What is kept from now on is named, all of it; and what was shared and names it is asked about."""
    said = "; ".join(shortened(label, _NAMED_AT_MOST) for label in labels) or phrase("last_answer")
    says = [phrase("private_now", answer=said)]
    says.append(phrase("private_seen" if seen else "private_unseen", coach=own_coach(facts)))
    naming = _naming(run, labels, facts)
    says += [phrase("private_names_it", day=each.day, text=on_one_line(each.text)) for each in naming]
    says += [phrase("private_seen", coach=own_coach(facts))] if naming and not seen else []
    buttons = tuple((f"/{PRIVATE} {short(each.run)}", phrase("button_hide_too", day=each.day)) for each in naming)
    return Reply(says=tuple(says), then=HideAnswer(run=run, question=question), buttons=buttons)


def _naming(run: str, labels: tuple[str, ...], facts: Facts) -> list[Remark]:
    """What the client has shared that quotes one of these, the newest first; short words are in everything."""
    engagement = own_engagement(facts)
    if engagement is None or not may_read(
        Role.COACH, Data.WORDS, active=True, visible=engagement.visible, audience=Audience.COACH
    ):
        return []
    quoted = [label.casefold() for label in labels if len(label) >= _QUOTED]
    shared = (each for each in facts.remarks if each.audience is not Audience.PRIVATE and each.run not in ("", run))
    found = {each.run: each for each in shared if any(text in each.text.casefold() for text in quoted)}
    return sorted(found.values(), key=lambda each: each.day, reverse=True)[:_ASKED_ABOUT]


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
        needs=frozenset({Need.LAST_ANSWER, Need.NEWEST_ENGAGEMENT}),
        shown=Shown.FIRST,
    ),
    Command(verb="whosees", who=Who.CLIENT, run=whosees, shape=alone),
    Command(verb="accesslog", who=Who.CLIENT, run=accesslog, shape=alone, needs=frozenset({Need.ACCESS})),
)
