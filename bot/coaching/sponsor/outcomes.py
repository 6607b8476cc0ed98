"""What the sponsor's dialogues come to: the wish, the approved words, the report. Pure."""

from collections.abc import Callable, Mapping

from bot.coaching.sponsor.report import lines_of, worded
from bot.coaching.sponsor.rules import WISHES, approved
from bot.model.people.answers import Audience
from bot.model.records import Record, Remarked
from bot.model.records_plan import GoalChanged, ReportMade
from bot.model.replies import Given


def sponsors_wish(given: Given) -> tuple[Record, ...]:
    """The sponsor's words, copied to both: they stand with the client's remarks, and say who typed them."""
    engagement = given.engagement_here
    if engagement is None:
        return ()
    kind = "sponsor_wish_typed" if given.is_coach_here else "sponsor_wish"
    return tuple(
        Remarked(
            key=name,
            kind=kind,
            text=given.words(name),
            audience=Audience.COACH,
            person=engagement.client,
        )
        for name in WISHES
        if given.get(name) is not None
    )


def sponsor_wording(given: Given) -> tuple[Record, ...]:
    """For every goal the exact words that the sponsor may read, or none; nothing changes while nothing is answered."""
    if given.get("which") is None:
        return ()
    words = approved(given)
    return tuple(
        GoalChanged(key=f"sponsor:{goal.id}", goal=goal.id, kind="sponsor", sponsor_text=words.get(goal.id, ""))
        for goal in given.plan_here.active_goals
    )


def sponsor_report(given: Given) -> tuple[Record, ...]:
    """The approved lines as one document for whoever hands it on; words changed here hold from now on."""
    engagement = given.engagement_here
    if engagement is None:
        return ()
    sender = given.get("sender") or ""
    lines = lines_of(given) if sender else ()
    changed = tuple(
        GoalChanged(key=f"report:{goal.id}", goal=goal.id, kind="sponsor", sponsor_text=text)
        for goal, text in worded(given)
        if text != goal.sponsor_text
    )
    return (ReportMade(engagement=engagement.id, lines=lines, by_client=sender == "me"), *changed)


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "sponsors_wish": sponsors_wish,
    "sponsor_wording": sponsor_wording,
    "sponsor_report": sponsor_report,
}
