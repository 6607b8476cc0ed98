"""`goals` and `ladder`: a client says them of their own engagement, a coach adds the name of a client."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.coaching.planning.lines import goal_lines, next_step
from bot.coaching.planning.phase_command import PHASE
from bot.coaching.planning.phases import lacking, parts_named
from bot.coaching.planning.rules import MOST, NEW, RUNGS, awaits, version_of
from bot.coaching.shared.cards import Command
from bot.coaching.shared.lines import phrase_list
from bot.coaching.shared.validators import LINE
from bot.coaching.visibility.table import own_engagement, shows_goals
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Phase, Plan
from bot.model.records_plan import GoalChanged, GoalMade, MilestoneTold
from bot.model.replies import Notification, Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client, a_client_and_more, few, few_or_client

Button = tuple[str, Phrase]


def _own_goals(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client's goals and what comes next for each; `goals new`, `goals ladder 2` and the like begin it."""
    engagement = own_engagement(facts)
    if engagement is None or engagement.state != "active":
        return Reply(says=(phrase("not_started"),))
    plan = facts.plan_of(engagement.id)
    word, _, rest = reading.rest.strip().partition(" ")
    begins = _BEGINS.get(reading.means(word))
    return begins(plan, rest.strip()) if begins else _shown(facts, engagement, plan)


def _shown(facts: Facts, engagement: Engagement, plan: Plan) -> Reply:
    lines = list(goal_lines(plan, facts.today))
    if not lines:
        return Reply(says=(phrase("goals_none"),), buttons=(("/goals new", phrase("button_goal")),))
    sees = "goals_seen" if shows_goals(engagement) else "goals_unseen"
    says = (phrase("in_lines", lines=lines), phrase(sees, coach=engagement.coach_name))
    return Reply(says=says, buttons=tuple(_next(plan)))


def _next(plan: Plan) -> list[Button]:
    """One button for the next thing that each goal lacks, and one for another goal."""
    found: list[Button] = []
    for goal in plan.goals:
        begins = _begins_next(goal)
        if begins:
            found.append((f"/goals {begins} {goal.number}", phrase(f"button_{begins}_of", number=goal.number)))
    unplanned = next((goal for goal in plan.active_goals if lacking(goal) and not goal.hidden), None)
    if unplanned is not None and plan.phase is Phase.PLANNING:
        found.append((f"/goals without {unplanned.number}", phrase("button_without")))
    steps = [goal for goal in plan.goals if goal.state == "active" and next_step(goal) is not None]
    found += [(f"/goals done {goal.number}", phrase("button_step_done", number=goal.number)) for goal in steps]
    live = [goal for goal in plan.goals if goal.state in ("active", "draft")]
    return found[:MOST] + ([("/goals new", phrase("button_goal"))] if len(live) < MOST else [])


def _begins_next(goal: Goal) -> str:
    if goal.state == "draft":
        return "shape"
    if goal.state != "active":
        return ""
    if awaits(goal, coach=False):
        return "confirm"
    if goal.ladder is None and (goal.drafted is None or not goal.drafted.whole):
        return "ladder"
    return "" if goal.milestones else "steps"


def _new(plan: Plan, rest: str) -> Reply:
    if sum(goal.state in ("active", "draft") for goal in plan.goals) >= MOST:
        return Reply(says=(phrase("goals_full", limit=MOST),))
    if len(rest) > LINE:
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    known = {f"goal[{NEW}].different": (rest, rest)} if rest else {}
    return Reply(opens=Opening(dialogue="goal", known=known))


def _shape(plan: Plan, rest: str) -> Reply:
    goal = _numbered(plan, rest, lambda goal: goal.state == "draft")
    if goal is None:
        return Reply(says=(phrase("goal_unknown"),))
    at = f"goal[{goal.id}]."
    known = {f"{at}different": (goal.text, goal.text)}
    return Reply(opens=Opening(dialogue="goal", items=(goal.id,), known=known))


def _climb(plan: Plan, rest: str) -> Reply:
    goal = _numbered(plan, rest, lambda goal: goal.state in ("active", "draft") and goal.ladder is None)
    return Reply(opens=_ladder(goal)) if goal else Reply(says=(phrase("goal_unknown"),))


def _confirm(plan: Plan, rest: str) -> Reply:
    goal = _numbered(plan, rest, lambda goal: awaits(goal, coach=False))
    if goal is None:
        return Reply(says=(phrase("nothing_to_confirm"),))
    return Reply(opens=Opening(dialogue="ladder-confirm", items=(version_of(goal),)))


def _plan(plan: Plan, rest: str) -> Reply:
    goal = _numbered(plan, rest, lambda goal: goal.state == "active")
    if goal is None:
        return Reply(says=(phrase("goal_unknown"),))
    return Reply(opens=Opening(dialogue="milestones", items=(goal.id,)))


def _without(plan: Plan, rest: str) -> Reply:
    """What a goal's plan lacks is passed over, on record; it can be added at any time."""
    goal = _numbered(plan, rest, lambda goal: goal.state == "active" and bool(lacking(goal)))
    if goal is None:
        return Reply(says=(phrase("plan_lacks_nothing"),))
    parts = lacking(goal)
    said = phrase("goal_without", goal=goal.text, parts=phrase_list(parts_named(parts)))
    passed = GoalChanged(key="without", goal=goal.id, kind="without", without=(*goal.without, *parts))
    return Reply(says=(said,), records=(passed,))


def _done(plan: Plan, rest: str) -> Reply:
    """The step that comes next on a goal is done; the one after it is named."""
    goal = _numbered(plan, rest, lambda goal: goal.state == "active" and next_step(goal) is not None)
    step = next_step(goal) if goal else None
    if goal is None or step is None:
        return Reply(says=(phrase("no_step"),))
    rest_of_it = replace(goal, milestones=tuple(other for other in goal.milestones if other.id != step.id))
    then = next_step(rest_of_it)
    after = phrase("step_after", step=then.text) if then else phrase("step_last")
    told = MilestoneTold(key="step", milestone=step.id, done=True)
    return Reply(says=(phrase("step_noted", step=step.text), after), records=(told,))


_BEGINS: Mapping[str, Callable[[Plan, str], Reply]] = {
    "done": _done,
    "new": _new,
    "shape": _shape,
    "ladder": _climb,
    "confirm": _confirm,
    "steps": _plan,
    "without": _without,
}


def _numbered(plan: Plan, text: str, fits: Callable[[Goal], bool]) -> Goal | None:
    """The first goal that fits, of that number where one is given."""
    wanted = int(text) if text.isdecimal() else None
    return next((goal for goal in plan.goals if fits(goal) and wanted in (None, goal.number)), None)


def _ladder(goal: Goal, engagement: str = "") -> Opening:
    """The ladder's questions; what an unfinished or refused version said already stands, and can be changed."""
    drafted = goal.drafted
    known = {
        f"rungs[{goal.id}].{name}": (drafted.rungs[level], drafted.rungs[level])
        for name, level in RUNGS.items()
        if drafted is not None and drafted.rungs.get(level)
    }
    return Opening(dialogue="ladder", items=(goal.id,), known=known, engagement=engagement)


def _their_goals(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A client's goals for their coach; words behind a colon suggest one to the client."""
    engagement = view.engagement
    if not shows_goals(engagement):
        return Reply(says=(phrase("goals_not_shown", client=engagement.client_name),))
    if reading.marked and reading.rest:
        return _suggest(view, reading.rest)
    if reading.rest and not _number(reading.rest).isdecimal():
        return Reply(says=(phrase("goals_suggest_how", client=engagement.client_name),))
    lines = list(goal_lines(view.plan, facts.today))
    return Reply(says=(phrase("in_lines", lines=lines) if lines else phrase("goals_none_yet"),))


def _number(text: str) -> str:
    return text.removeprefix("#")


def _suggest(view: ClientView, text: str) -> Reply:
    engagement = view.engagement
    if len(text) > LINE:
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    if sum(goal.state in ("active", "draft") for goal in view.plan.goals) >= MOST:
        return Reply(says=(phrase("goals_full", limit=MOST),))
    told = phrase("goal_suggested", coach=engagement.coach_name, goal=text)
    return Reply(
        says=(phrase("goal_suggestion_sent", client=engagement.client_name),),
        records=(GoalMade(key="goal", engagement=engagement.id, text=text, by="coach"),),
        tells=(
            Notification(person=engagement.client, phrase=told, buttons=(("/goals shape", phrase("button_shape")),)),
        ),
    )


def _their_ladder(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """Confirm the ladder that a client drafted, or else draft the first that is missing."""
    engagement, plan, rest = view.engagement, view.plan, _number(reading.rest)
    if rest and not rest.isdecimal():
        return Reply(says=(phrase("help_ladder"),))
    if not shows_goals(engagement):
        return Reply(says=(phrase("goals_not_shown", client=engagement.client_name),))
    goal = _numbered(plan, rest, lambda goal: awaits(goal, coach=True)) or _numbered(
        plan, rest, lambda goal: goal.state in ("active", "draft") and goal.ladder is None and goal.drafted is None
    )
    goal = goal or _numbered(plan, rest, lambda goal: goal.state in ("active", "draft") and goal.ladder is None)
    if goal is None:
        return Reply(says=(phrase("ladder_none_missing", client=engagement.client_name),))
    if awaits(goal, coach=True):
        opens = Opening(dialogue="ladder-confirm", items=(version_of(goal),), engagement=engagement.id)
        return Reply(opens=opens)
    return Reply(opens=_ladder(goal, engagement.id))


COMMANDS = (
    Command(verb="goals", who=Who.CLIENT, run=_own_goals, own_words=frozenset(_BEGINS), shape=few),
    Command(verb="goals", who=Who.COACH, about=_their_goals, more=True, shape=few_or_client, in_free_text=a_client),
    Command(verb="ladder", who=Who.COACH, about=_their_ladder, more=True, in_free_text=a_client_and_more),
    PHASE,
)
