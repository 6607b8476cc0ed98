"""What is answered when somebody writes of danger: at once, plainly, and without keeping or telling a word of it."""

from datetime import datetime

from bot.coaching.visibility.table import is_active, own_engagement
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.records import PausedForSafety
from bot.model.replies import Reply


def crisis(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The note, where help is, and the offer to ask the coach for a call; whatever was under way rests."""
    if not facts.is_client:
        return Reply(says=(phrase("crisis_coach", pointers=_where(facts.pointers)),), ends=True, rests=True)
    says: tuple[Phrase, ...] = (danger_words(facts.pointers), phrase("crisis_kept"))
    engagement = _running(facts)
    if engagement is None:
        return Reply(says=says, records=(PausedForSafety(),), lays_aside=True, rests=True)
    return Reply(
        says=(*says, phrase("crisis_ask", coach=engagement.coach_name)),
        records=(PausedForSafety(),),
        buttons=(("/callme", phrase("crisis_yes")), ("/notnow", phrase("crisis_no"))),
        lays_aside=True,
        rests=True,
    )


def danger_words(helpline: str) -> Phrase:
    """What a client reads who writes of danger; an empty helpline is the emergency number alone."""
    return phrase("crisis_note", pointers=_where(helpline))


def _where(helpline: str) -> Phrase | str:
    return phrase("crisis_pointers", helpline=helpline) if helpline else ""


def not_now(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """No call just now; the chat stays open."""
    return Reply(says=(phrase("crisis_not_now", coach=_coach(facts)),), rests=True)


def while_held(reading: Reading, facts: Facts, now: datetime) -> Reply | None:
    """What any other text is answered with while nothing is asked: no chat, no report read into it."""
    if not facts.is_client or facts.wishes.held is None:
        return None
    return Reply(says=(phrase("crisis_stay", coach=_coach(facts)),), rests=True)


def _coach(facts: Facts) -> str | Phrase:
    engagement = _running(facts)
    return engagement.coach_name if engagement else phrase("your_coach")


def _running(facts: Facts) -> Engagement | None:
    engagement = own_engagement(facts)
    return engagement if engagement is not None and is_active(engagement) else None
