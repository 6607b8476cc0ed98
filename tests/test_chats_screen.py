"""One screen where facts are loaded: what a chat that a coach's code has bound may show of what was kept before."""

from dataclasses import fields, replace
from datetime import timedelta

from bot.conversation.load_facts import screened
from bot.model.facts import Facts, Undoable
from bot.model.habits.values import Habit, HabitRule
from bot.model.people.answers import Audience, LastAnswer, Rating
from bot.model.plan import Goal, Level, Milestone, Plan
from tests.support.facts import NOW, commitment, days_ago, facts, remark

CANARY, SHARED = "zebrafinch", "bluejay"
BOUND = NOW - timedelta(days=3)
BEFORE, AFTER = days_ago(9), days_ago(1)
KEPT = Audience.PRIVATE

# What no entry of a client's stands in: themselves, days, ids, names of others, what belongs to a coach.
NOTHING_OF_THEIRS = frozenset(
    (
        *("today", "now", "person", "wishes", "pauses", "engagements", "done", "asked", "calls_wanted", "practice"),
        *("next_prompt", "places", "private_from", "accesses", "links", "programme", "scripts", "coming", "own"),
        *("colleagues", "invites", "pointers", "away", "covering", "covered", "languages", "around_an_hour"),
        *("capitals", "spoken"),
    )
)
SCREENED = frozenset({"commitments", "habits", "last", "undoable", "ratings", "remarks", "plans"})


def goal(number: int, text: str, **changes: object) -> Goal:
    return replace(Goal(id=f"g{number}", number=number, engagement="e1", text=text, made=BEFORE), **changes)


def habit(number: int, text: str, **changes: object) -> Habit:
    made = Habit(id=f"h{number}", number=number, engagement="e1", text=text, rule=HabitRule(), made=BEFORE)
    return replace(made, **changes)


def everything() -> Facts:
    """Of each kind something that was kept before, something that was kept since, and something that is shown."""
    partly = goal(
        3,
        f"{SHARED} 3",
        why=CANARY,
        withheld=("why",),
        levels=(Level(value=-2, day=BEFORE, ladder=0, evidence=CANARY, withheld=("value",)),),
        milestones=(Milestone(id="m1", number=1, text=CANARY, withheld=("text",)),),
    )
    found = facts(
        commitment(1, CANARY, audience=KEPT, made=BEFORE),
        commitment(2, f"{SHARED} 1", made=BEFORE),
        commitment(3, f"{SHARED} 2", audience=KEPT, made=AFTER),
    )
    return replace(
        found,
        private_from=BOUND,
        habits=(habit(4, CANARY, private=True), habit(5, f"{SHARED} 4", private=True, made=AFTER)),
        ratings=(Rating(kind="energy", value=99, day=BEFORE, audience=KEPT),),
        remarks=(remark(CANARY, audience=KEPT, day=BEFORE), remark(f"{SHARED} 5", audience=KEPT, day=AFTER)),
        plans={"e1": Plan(goals=(goal(1, CANARY, withheld=("text",)), partly))},
        last=LastAnswer(
            run="r", question="q", dialogue="d", label=CANARY, day=BEFORE, audience=Audience.COACH, at=BOUND
        ),
        undoable=Undoable(run="r", at=BOUND, day=BEFORE, words=CANARY),
    )


def test_what_was_kept_before_is_nowhere_and_the_rest_is_there() -> None:
    shown = repr(screened(everything()))
    assert CANARY not in shown
    assert "99" not in shown
    assert all(f"{SHARED} {number}" in shown for number in range(1, 6))


def test_where_no_code_has_bound_the_chat_all_of_it_is_there() -> None:
    found = replace(everything(), private_from=None)
    assert screened(found) == found


def test_a_kind_of_fact_that_nobody_has_looked_at_is_found() -> None:
    assert {field.name for field in fields(Facts)} == NOTHING_OF_THEIRS | SCREENED
