"""What comes after a dialogue has ended: the first commitment, a question about the rhythm, or nothing."""

from bot.coaching.programme.rules import opening
from bot.coaching.rhythm.backoff import offer_to_move
from bot.coaching.sessions.follow_ups import angle_offer
from bot.model.facts import Engagement, Facts, Pace
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Notification, Opening, Reply

ROUTINE = frozenset({"weekly-checkin", "daily-checkin", "one-tap", "due-today", "monday-focus"})


def routine_follows(given: Given) -> Reply | None:
    """After a routine question: a welcome back, another angle, or another hour."""
    wishes = given.facts.wishes
    if wishes.slowdown != "normal":
        return None if wishes.stopped else Reply(opens=Opening(dialogue="welcome-back"))
    return angle_offer(given) or _offer(given.facts)


def welcomed(given: Given) -> Reply | None:
    """The coach hears whether the client accepted, and the rhythm: never the hour."""
    engagement = _engagement(given)
    sees = given.get("sees")
    if given.get("start") != "start" or sees is None or engagement is None:
        return None
    client = engagement.client_name
    if sees == "declined":
        return Reply(tells=_told(engagement, phrase("client_declined", client=client)))
    pace = phrase(f"pace_{Pace(given.get('pace') or given.facts.wishes.pace)}")
    told = phrase("client_accepted", client=client, pace=pace, sees=_seen(sees))
    opens = Opening(dialogue="commitment") if given.get("first") is True else None
    programme = given.facts.plan_of(engagement.id).programme
    return Reply(
        says=_spare(given.facts),
        records=opening(programme, engagement.id, given.facts.today),
        opens=opens,
        tells=_told(engagement, told),
    )


def _told(engagement: Engagement, said: Phrase) -> tuple[Notification, ...]:
    """A word to the coach, who hears nothing before they have said who joined."""
    return (Notification(person=engagement.coach, phrase=said),) if engagement.confirmed else ()


def _spare(facts: Facts) -> tuple[Phrase, ...]:
    """Someone in their employer's Slack is offered Telegram as a spare."""
    spare = facts.chats[:1] == ("slack",) and "telegram" in facts.links and "telegram" not in facts.chats
    return (phrase("offer_spare"),) if spare else ()


def _seen(sees: str) -> Phrase:
    return phrase(f"visible_{sees if sees in ('described', 'status') else 'none'}")


def _engagement(given: Given) -> Engagement | None:
    known = {engagement.id: engagement for engagement in given.facts.engagements}
    return known.get(given.engagement) or given.facts.engagement


def _offer(facts: Facts) -> Reply | None:
    """Offered once, when the newest answer is the one that makes it worth asking; the hour never moves by itself."""
    minutes = tuple(at.hour * 60 + at.minute for at in facts.wishes.answer_times)
    chosen = facts.wishes.at
    if not offer_to_move(minutes, chosen) or offer_to_move(minutes[:-1], chosen):
        return None
    return Reply(says=(phrase("offer_to_move", at=chosen),))
