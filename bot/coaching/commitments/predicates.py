"""What dialogues on commitments branch on; each is named in the YAML."""

from collections.abc import Callable, Mapping

from bot.coaching.commitments.confidence import may_shrink, rated_here
from bot.coaching.commitments.promised import (
    goal_in_turn,
    lacks_day,
    lacks_step,
    promised,
    several,
    week_number,
    weeks_between,
)
from bot.coaching.commitments.rules import items_of, question_open, slipped, status_of, still_open
from bot.coaching.habits.rules import going
from bot.coaching.shared.predicates import came_with
from bot.coaching.visibility.table import shows_goals
from bot.model.people.answers import Audience
from bot.model.replies import Given

HELPED_EVERY = 3  # of what is done, how seldom it is asked what helped
MOST_ASKED = 5  # questions of a check-in; what is due is asked about in any case, the rest fills up
_IN_TURN = ("step", "shakiest", "confidence", "smaller", "own", "well", "way", "energy")  # what fills up, best first
_DUE = ("items", "slip", "habits")


def any_open(given: Given) -> bool:
    """There is an open commitment, also after what was just reported."""
    return bool(still_open(given))


def several_open(given: Given) -> bool:
    """There are two open commitments or more, also after what was just reported."""
    return _was_asked(given, "shakiest") or len(still_open(given)) > 1


def _was_asked(given: Given, question: str) -> bool:
    """What was answered stays asked: promises come and go in between."""
    return any(key.partition(".")[0] == question for key in given.values)


def room_for(given: Given, question: str, count: int = 1) -> bool:
    """So many questions more fit a check-in, from that one on, with what its coach asks; a day in passing is one."""
    if _was_asked(given, question):
        return True
    before = {*_DUE, *_IN_TURN[: _IN_TURN.index(question)]} - {"own"}
    asked = [name for key in given.values if (name := key.replace("[", ".").partition(".")[0]) in before]
    instead = asked.count("step") if {*asked} & {"shakiest", "confidence"} else 0  # the one is asked or the other
    return len(asked) - instead + _of_the_coach(given, question) + count <= MOST_ASKED


def _of_the_coach(given: Given, question: str) -> int:
    """How many questions the coach put: theirs are counted before all that fills up."""
    waiting = question != "own" and (question_open(given) is not None or "own.asked" in given.values)
    return len(given.plan_here.programme.questions) + waiting


def energy_week(given: Given) -> bool:
    """Energy is asked every second week, so each time in a rhythm of two weeks."""
    return _was_asked(given, "energy") or weeks_between(given) > 1 or week_number(given) % 2 == 0


def asks_of_items(given: Given) -> bool:
    """There was a commitment to ask about when the dialogue began, whatever was said of it since."""
    return bool(items_of(given))


def open_more_than(given: Given, count: int) -> bool:
    """There are more open things than that, commitments and habits, the new one not counted.

    What is kept from the coach neither counts nor is counted.
    """
    if given.audience("what") is Audience.PRIVATE:
        return False
    facts = given.facts
    runs = [c.run for c in facts.open_commitments] + [h.run for h in going(facts)]
    return sum(run != given.run for run in runs) + max(0, len(promised(given)) - 1) > count


def wants_plan(given: Given) -> bool:
    """The moment and the proof are to be added, or came with a form."""
    return given.get("sharpen") == "sharpen" or came_with(given, "cue")


def has_due(given: Given) -> bool:
    """The new commitment has a date."""
    return given.get("due") is not None or given.get("due_smaller") is not None


def third_done(given: Given) -> bool:
    """What the loop is at is the third thing done, or the sixth; what was answered to that stays asked."""
    if given.key("helped") in given.values:
        return True
    items = items_of(given)
    here = [item for item in items if status_of(given, item) == "done"]
    earlier = len(given.facts.done - {*items}) + len(here[: here.index(given.item)]) if given.item in here else 0
    return given.item in here and (earlier + 1) % HELPED_EVERY == 0


def any_slipped(given: Given) -> bool:
    """One of the commitments gone over has slipped."""
    return bool(slipped(given))


def slipped_many(given: Given) -> bool:
    """Several of them have."""
    return len(slipped(given)) > 1


def one_by_one(given: Given) -> bool:
    """The slipped ones are looked at singly: there is only one, or the client wants it so."""
    return not slipped_many(given) or given.get("together") == "one_by_one"


def item_slipped(given: Given) -> bool:
    """The commitment that the loop is at has slipped."""
    return given.item in slipped(given)


def any_kept(given: Given) -> bool:
    """Something that slipped goes on."""
    values = [value for key, value in given.values.items() if key.endswith((".worth", "worth", "together"))]
    return any(value not in (None, "drop", "drop_all") for value in values)


def may_be_shared(given: Given, question: str) -> bool:
    """Something was said that the coach would see if it were shared."""
    engagement = given.engagement_here
    told = bool(given.get(question)) and not given.kept_back(question) and not given.hidden
    return told and engagement is not None and shows_goals(engagement)


def by_itself(given: Given, dialogue: str) -> bool:
    """The dialogue of that name is no part of another one just now."""
    return given.dialogue == dialogue


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "any_open": any_open,
    "several_open": several_open,
    "one_to_rate": lambda given: _was_asked(given, "confidence") or rated_here(given) is not None,
    "may_shrink": lambda given: _was_asked(given, "smaller") or may_shrink(given),
    "lacks_step": lacks_step,
    "has_goal_in_turn": lambda given: goal_in_turn(given) is not None,
    "room_for": room_for,
    "energy_week": energy_week,
    "asks_of_items": asks_of_items,
    "open_more_than": open_more_than,
    "wants_plan": wants_plan,
    "has_due": has_due,
    "several_promised": several,
    "one_promised": lambda given: len(promised(given)) == 1 and not several(given),
    "lacks_day": lacks_day,
    "third_done": third_done,
    "any_slipped": any_slipped,
    "slipped_many": slipped_many,
    "one_by_one": one_by_one,
    "item_slipped": item_slipped,
    "any_kept": any_kept,
    "may_be_shared": may_be_shared,
    "by_itself": by_itself,
}
