"""What the dialogues of planning look at: goals and ladders, and their numbers. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.coaching.visibility.table import shows_goals
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from bot.model.plan import LEVELS, Goal, Ladder, Plan
from bot.model.replies import Given

NEW = "new"  # stands for a goal that is yet to be made
RUNG = 200  # characters of one level
FEW, MOST = 3, 5  # goals at a time: what works, and what is possible
STEPS = 3
NOTICE = timedelta(days=21)  # how long before its end an engagement begins to close
# The questions of a ladder in the order of their asking: level 0 first, then the ones around it, then the ends.
RUNGS: Mapping[str, int] = {"planned": 0, "better": 1, "short": -1, "far_better": 2, "far_short": -2}
# The questions of a goal, and the fields of a goal that they fill.
GOAL_FIELDS = {
    "different": "text",
    "noticed_by": "noticed_by",
    "signs": "signs",
    "why": "why",
    "due": "due",
    "weight": "weight",
    "ready": "ready",
}


def goal_at(given: Given) -> Goal | None:
    """The goal that is spoken of: that of the loop, or the only one that the dialogue goes over."""
    if given.goal is not None:
        return given.goal
    listed = [item for items in given.lists.values() for item in items]
    return given.plan_here.goal(listed[0].partition("#")[0]) if len(listed) == 1 else None


def kept_from_coach(given: Given, goal: Goal | None) -> bool:
    """The coach is not to be shown this goal: the client keeps it, or shows no goals at all."""
    engagement = given.engagement_here
    if engagement is None or (goal is not None and goal.hidden):
        return True
    return not shows_goals(replace(engagement, confirmed=True))  # a coach who has yet to confirm will be shown it


def stays_alone(given: Given) -> bool:
    """The ladder being written is the client's alone: they keep the goal, or one of its sentences, from the coach."""
    private = any(given.audience(name) is Audience.PRIVATE for name in RUNGS)
    return not given.is_coach_here and (private or kept_from_coach(given, goal_at(given)))


def goal_count(given: Given) -> int:
    """How many goals there are with this one."""
    return 1 + sum(goal.id != given.item for goal in given.plan_here.active_goals)


# -- the goal as it is being shaped ----------------------------------------------------------------------------------


def goal_text(given: Given) -> str:
    """The goal in the words given; a suggestion that was tapped counts as its words."""
    return given.words("different")


def withheld(given: Given, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The fields whose answers were given in private."""
    private = (field for name, field in fields.items() if given.audience(name) is Audience.PRIVATE)
    return tuple(sorted(set(private)))


# -- the ladder as it is being written -------------------------------------------------------------------------------


def rungs_given(given: Given) -> dict[int, str]:
    """The sentences answered so far, by level."""
    goal = goal_at(given)
    found: dict[int, str] = {}
    for name, level in RUNGS.items():
        text = given.get(name)
        if text == "signs" and goal is not None and goal.signs:
            text = goal.signs
        if text:
            found[level] = " ".join(text.split())
    return found


def ladder_at(given: Given) -> Ladder | None:
    """The version of a ladder that the loop is at."""
    goal, number = goal_at(given), given.item.partition("#")[2]
    if goal is None or not number.isdecimal():
        return None
    return next((ladder for ladder in goal.ladders if ladder.version == int(number)), None)


def rungs_shown(given: Given) -> dict[int, str]:
    """The ladder that is spoken of: the one being written, the version to be confirmed, or the one that holds."""
    written = rungs_given(given)
    ladder = ladder_at(given)
    goal = goal_at(given)
    if written or ladder is not None or goal is None:
        return written or dict(ladder.rungs if ladder else {})
    return dict(goal.ladder.rungs) if goal.ladder else {}


def is_whole(rungs: Mapping[int, str]) -> bool:
    """There is a sentence for every level."""
    return all(rungs.get(level) for level in LEVELS)


def same_words(one: str, other: str) -> bool:
    """Two sentences read alike, punctuation and case aside."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


# -- lists that dialogues go over ------------------------------------------------------------------------------------


def active_goals(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The goals that are worked on."""
    return tuple(goal.id for goal in _plan(facts, engagement).active_goals)


def goal_to_shape(facts: Facts, engagement: str) -> tuple[str, ...]:
    """A new goal, unless one is named."""
    return (NEW,)


def goal_to_climb(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The first goal without a ladder that holds or waits for a yes."""
    open_ones = (goal for goal in _plan(facts, engagement).goals if goal.state in ("active", "draft"))
    found = (g.id for g in open_ones if g.ladder is None and (g.drafted is None or not g.drafted.whole))
    return tuple(found)[:1]


def goal_to_plan(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The first goal that is worked on and has no milestones."""
    return tuple(goal.id for goal in _plan(facts, engagement).active_goals if not goal.milestones)[:1]


def ladder_to_confirm(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The first ladder that waits for the yes of whoever is asked, with its version."""
    plan = _plan(facts, engagement)
    own = next((e for e in facts.engagements if e.id == engagement), None)
    coach = own is not None and own.coach == facts.person.id
    return tuple(version_of(goal) for goal in plan.goals if awaits(goal, coach=coach))[:1]


def awaits(goal: Goal, *, coach: bool) -> bool:
    """A whole ladder of this goal, approved by the other side, waits for the yes of that side."""
    drafted = goal.drafted
    if drafted is None or not drafted.whole:
        return False
    mine, theirs = (drafted.coach_ok, drafted.client_ok) if coach else (drafted.client_ok, drafted.coach_ok)
    return mine is None and theirs is not None


def version_of(goal: Goal) -> str:
    """The newest version of a goal's ladder, as the lists name it."""
    return f"{goal.id}#{goal.ladders[-1].version}"


def _plan(facts: Facts, engagement: str) -> Plan:
    own = facts.engagement
    return facts.plan_of(engagement or (own.id if own else ""))


LISTS = {
    "active_goals": active_goals,
    "goal_to_shape": goal_to_shape,
    "goal_to_climb": goal_to_climb,
    "goal_to_plan": goal_to_plan,
    "ladder_to_confirm": ladder_to_confirm,
}
