"""The goals of an engagement that are spoken of, and the levels on their ladders. Pure."""

from collections.abc import Iterator

from bot.coaching.shared.outcomes import remarks
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Level
from bot.model.records import Record
from bot.model.records_plan import LevelGiven
from bot.model.replies import Given

_LEVEL_FIELDS = {"level": "value", "evidence": "evidence", "cause": "cause"}  # questions, and the fields they fill


def goals_shown(facts: Facts, engagement: str) -> tuple[Goal, ...]:
    """The goals of an engagement as whoever is asked may see them; drafts are left out."""
    own = facts.engagement
    plan = facts.plan_of(engagement or (own.id if own else ""))
    return tuple(goal for goal in plan.goals if goal.state != "draft")


def goals_at_work(facts: Facts, engagement: str) -> tuple[Goal, ...]:
    """Those of them that are worked on."""
    return tuple(goal for goal in goals_shown(facts, engagement) if goal.state == "active")


def goal_chosen(given: Given) -> Goal | None:
    """The goal that the loop is at, or that was chosen."""
    wanted = given.item or given.get("which") or ""
    return next((goal for goal in goals_shown(given.facts, given.engagement) if goal.id == wanted), None)


def level_by(goal: Goal, by: str, *, final: bool = False) -> Level | None:
    """The newest level of one side on the ladder that holds; with `final`, only one that closes it all."""
    ladder = goal.ladder
    own = [
        level
        for level in goal.levels
        if ladder and level.ladder == ladder.version and level.by == by and (level.final or not final)
    ]
    return own[-1] if own else None


def level_sentence(goal: Goal, value: int) -> str | Phrase:
    """What a level of a goal means, in the words of its ladder."""
    ladder = goal.ladder
    return (ladder.rungs.get(value) if ladder else "") or phrase(f"level_{value}")


def slippage_clause(goal: Goal) -> Phrase | str:
    """How often its date moved, and by how many days in all; nothing when it never did."""
    if not goal.moved:
        return ""
    days = phrase("count_days", count=goal.moved_days)
    return phrase("goal_slippage", moved=phrase("times_moved", count=goal.moved), days=days)


def level_told(at: Given, item: str, *, final: bool = False) -> Iterator[Record]:
    """The level that was given for one goal, with its evidence; without a level, what was said of it."""
    value, evidence = at.get("level"), at.get("evidence") or ""
    if value is None:
        yield from remarks(at, evidence="evidence")
        return
    hidden = [name for question, name in _LEVEL_FIELDS.items() if at.audience(question) is Audience.PRIVATE]
    yield LevelGiven(
        key=f"level:{item}",
        goal=item,
        value=value,
        by=at.side,
        evidence=evidence,
        cause=at.get("cause") or "",
        final=final,
        withheld=tuple(hidden),
    )
