"""What the dialogues of planning come to: pure functions from answers to records."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.coaching.habits.outcomes import habit_made
from bot.coaching.habits.said import rule_in
from bot.coaching.planning.rules import (
    GOAL_FIELDS,
    NEW,
    STEPS,
    goal_at,
    goal_text,
    rungs_given,
    stays_alone,
    withheld,
)
from bot.coaching.relationship.outcomes import to_read_otherwise
from bot.coaching.shared.outcomes import day_of
from bot.model.habits.records import HabitMade
from bot.model.people.answers import Audience
from bot.model.records import Record
from bot.model.records_plan import (
    GoalChanged,
    GoalMade,
    LadderConfirmed,
    LadderMade,
    MilestoneMade,
)
from bot.model.replies import Given

_PLAN = {name: name for name in ("realism", "obstacle", "if_then", "support", "noticer")}


def goal(given: Given) -> tuple[Record, ...]:
    """A goal, new or shaped out of a draft; without words there is none."""
    engagement = given.engagement_here
    found: list[Record] = []
    for item in given.lists.get("goal_to_shape", ()):
        at = given.inside("goal", item)
        if engagement is None or at.get("different") is None:
            continue
        said = _goal_fields(at)
        state = "active" if at.get("hold") == "yes" else "draft"
        if item == NEW:
            found.append(GoalMade(key="goal", engagement=engagement.id, state=state, by=given.side, **said))
        else:
            found.append(GoalChanged(key="goal", goal=item, kind="shaped", state=state, by=given.side, **said))
    return tuple(found)


def _goal_fields(at: Given) -> dict[str, Any]:
    return {
        "text": " ".join(goal_text(at).split()),
        "due": day_of(at.get("due")),
        "weight": at.get("weight") or 1,
        "ready": at.get("ready"),
        "noticed_by": at.get("noticed_by") or "",
        "signs": at.get("signs") or "",
        "why": at.get("why") or "",
        "withheld": withheld(at, GOAL_FIELDS),
    }


def ladder(given: Given) -> tuple[Record, ...]:
    """A version of a ladder by whoever wrote it; the client's own says where they are."""
    found: list[Record] = []
    for item in given.lists.get("goal_to_climb", ()):
        at = given.inside("rungs", item)
        rungs = rungs_given(at)
        if not rungs:
            continue
        by = given.side
        alone = stays_alone(at)
        ok = by == "client" or at.get("send") == "yes"
        found.append(LadderMade(goal=item, rungs=rungs, by=by, baseline=at.get("baseline"), alone=alone, ok=ok))
    return tuple(found)


def ladder_confirm(given: Given) -> tuple[Record, ...]:
    """A yes to the very version that was shown, with where the client is; or what should read otherwise."""
    found: list[Record] = []
    for item in given.lists.get("ladder_to_confirm", ()):
        at = given.inside("confirm", item)
        wanted, _, version = item.partition("#")
        if at.get("agree") == "yes" and version.isdecimal():
            baseline = at.get("baseline")
            found.append(LadderConfirmed(goal=wanted, version=int(version), by=given.side, baseline=baseline))
        if at.get("wish"):
            found.append(to_read_otherwise("ladder", item, at))
    return tuple(found)


def milestones(given: Given) -> tuple[Record, ...]:
    """The first steps with their days, and what the way needs."""
    found: list[Record] = []
    for item in given.lists.get("goal_to_plan", ()):
        at = given.inside("plan", item)
        if goal_at(at) is None:
            continue
        found += _steps(at, item)
        said = {field: at.words(name) for name, field in _PLAN.items() if at.get(name) is not None}
        if said:
            found.append(
                GoalChanged(key="support", goal=item, kind="support", withheld=withheld(at, _PLAN), **_typed(said))
            )
    return tuple(found)


def _typed(said: Mapping[str, str]) -> dict[str, Any]:
    return {name: " ".join(words.split()) for name, words in said.items()}


def _steps(at: Given, goal: str) -> Iterator[MilestoneMade | HabitMade]:
    """Each step is a milestone; one that comes again and again is a habit of that goal."""
    private = at.audience("steps") is Audience.PRIVATE
    kept = ("text",) if private else ()
    for number, step in enumerate(steps_of(at), 1):
        rule = rule_in(step)
        if rule is not None:
            yield habit_made(at, key=f"{goal}:{number}", text=step["text"], rule=rule, private=private, goal=goal)
            continue
        due = day_of(step["day"] or at.get(f"due_{number}"))
        yield MilestoneMade(key=f"{goal}:{number}", goal=goal, text=step["text"], due=due, withheld=kept)


def steps_of(at: Given) -> list[dict[str, Any]]:
    """The steps that were listed: text and day (ISO or None)."""
    return list(at.get("steps") or ())[:STEPS]


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "goal": goal,
    "ladder": ladder,
    "ladder_confirm": ladder_confirm,
    "milestones": milestones,
}
