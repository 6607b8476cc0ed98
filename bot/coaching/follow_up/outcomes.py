"""What the dialogues after the end come to: pure functions from answers to records."""

from collections.abc import Iterator

from bot.coaching.follow_up.rules import audience_when, level_now, standings_told
from bot.coaching.shared.retention_period import KEPT_AFTER_THE_END
from bot.model.people.answers import Audience
from bot.model.records import CallWanted, Record, Remarked, RetentionChosen
from bot.model.records_ending import FollowUp, FollowUpOver, Reopened
from bot.model.records_plan import LevelGiven
from bot.model.replies import Given


def follow_up(given: Given) -> tuple[Record, ...]:
    """How it holds; a wish for a word reaches the coach, all else only where a summary was agreed to."""
    engagement = given.engagement_here
    audience = audience_when(engagement is not None and "summary" in engagement.consents)
    records: list[Record] = []
    for item in given.lists.get("closing_goals", ()):
        value = level_now(given, item)
        if value is not None:
            hidden = () if audience is Audience.COACH else ("value",)
            records.append(LevelGiven(key=f"level:{item}", goal=item, value=value, withheld=hidden))
    habits = given.plan_here.habits
    for question in ("held", "slipped"):
        records += _of_habits(question, given.get(question), habits, audience)
    if given.get("going") not in (None, "stop"):
        records.append(Remarked(key="going", kind="going", text=given.labels.get("going", ""), audience=audience))
    if given.get("restart"):
        records.append(Remarked(key="restart", kind="restart", text=given.get("restart"), audience=audience))
    if given.get("word") == "ask" and engagement is not None:
        records.append(CallWanted(engagement=engagement.id))
    if "stop" in standings_told(given):
        records.append(FollowUp(engagement=given.engagement, days=(), monthly=False))
    return tuple(records)


def _of_habits(question: str, chosen: str | None, habits: tuple[str, ...], audience: Audience) -> Iterator[Remarked]:
    for number, habit in enumerate(habits):
        if chosen in (str(number), "both"):
            yield Remarked(key=f"{question}:{number}", kind=question, text=habit, audience=audience)


def self_coaching(given: Given) -> tuple[Record, ...]:
    """Notes of the client's own; nobody else reads them."""
    if given.get("now") == "stop":
        return (FollowUp(engagement=given.engagement, monthly=False),)
    told = [
        Remarked(key=question, kind=kind, text=given.get(question), audience=Audience.PRIVATE)
        for question, kind in (("working", "working"), ("friend", "friend"), ("one", "journal"))
        if given.get(question)
    ]
    return tuple(told)


def last_good_bye(given: Given) -> tuple[Record, ...]:
    """The end of all, or a monthly minute for oneself."""
    match given.get("stay"):
        case "monthly":
            kept = RetentionChosen(days=KEPT_AFTER_THE_END.days)  # whoever stays is not deleted in between
            return (FollowUp(engagement=given.engagement, monthly=True), kept)
        case "stop":
            return (FollowUpOver(engagement=given.engagement),)
        case _:
            return ()


def reopening(given: Given) -> tuple[Record, ...]:
    """The engagement goes on, after the client's yes."""
    return (Reopened(engagement=given.engagement, by="client"),) if given.get("again") == "again" else ()
