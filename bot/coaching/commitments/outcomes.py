"""What answers about commitments come to: pure functions from answers to records, named in the YAML.

Every record is keyed by the run that made it, so an outcome may run again after an edit.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.coaching.commitments.confidence import rated_here, shrunk
from bot.coaching.commitments.promised import NewCommitment, goal_in_turn, promised
from bot.coaching.commitments.rules import items_of, question_open, reports, still_open
from bot.coaching.habits.outcomes import habit_made, habits_told
from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.habits.records import HabitMade
from bot.model.people.answers import Audience
from bot.model.plan import OWN, Note
from bot.model.records import Rated, Record, Remarked
from bot.model.records_sessions import NoteSettled
from bot.model.replies import Given


def promise(given: Given) -> tuple[Record, ...]:
    """A commitment with its if-then plan, or several; and the one that waits for them."""
    made = tuple(_made(given, each, number) for number, each in enumerate(promised(given), 1))
    waits = given.get("waits")
    if not made or waits in (None, "none"):
        return made
    return (*made, Reported(key=waits, commitment=waits, report="parked"))


def _made(given: Given, each: NewCommitment, number: int) -> CommitmentMade | HabitMade:
    key = "promise" if number == 1 else f"promise{number}"
    if each.rule is not None:
        return habit_made(given, key=key, text=each.text, rule=each.rule, private=_is_private(given))
    return CommitmentMade(
        key=key,
        text=each.text,
        due=each.due,
        cue=given.get("cue") or "",
        proof=given.get("proof") or "",
        confidence=None if given.get("smaller") else given.get("confidence"),  # it was of the larger one
        audience=Audience.PRIVATE if _is_private(given) else Audience.COACH,
        engagement=given.engagement,
        goal=_goal_of(given),
    )


def _is_private(given: Given) -> bool:
    """Whether any of the words that a promise is made of are kept from the coach: they stand in one line."""
    return any(given.audience(name) is Audience.PRIVATE for name in ("what", "smaller", "cue", "proof"))


def first_promise(given: Given) -> tuple[Record, ...]:
    """The promise of the welcome, if there is one yet."""
    return () if given.get("what") == "none" else promise(given)


def own_promise(given: Given) -> tuple[Record, ...]:
    """What is promised after the end of the coaching: the client's own, unless they want the coach to hear of it."""
    audience = Audience.COACH if given.get("show") == "show" else Audience.PRIVATE
    return tuple(replace(made, audience=audience) for made in promise(given) if isinstance(made, CommitmentMade))


def one_more(given: Given) -> tuple[Record, ...]:
    """What was said where a number was asked for, if it is to be kept."""
    return promise(given) if given.get("keep") == "keep" else ()


def _goal_of(given: Given) -> str:
    goal = given.facts.plan_of(given.engagement).goal(given.get("goal") or "")
    return goal.id if goal is not None else ""


def reported(given: Given) -> tuple[Record, ...]:
    """A word on each commitment gone over, and what was learned."""
    return (*reports(given), *_learned(given), *_notes(given))


def _learned(given: Given) -> Iterator[Remarked]:
    """What got in the way is the client's own, unless they share it."""
    for scope in ("slip.", ""):
        text = given.values.get(f"{scope}learned")
        if text:
            shared = given.values.get(f"{scope}share") is True and f"{scope}learned" not in given.aside
            audience = Audience.COACH if shared else Audience.PRIVATE
            yield Remarked(key="learned", kind="learning", text=text, audience=audience)
            return


def checkin(given: Given) -> tuple[Record, ...]:
    """Reports, the next step, ratings, and the week in a few words."""
    said = _remarks(given, well="win", way="obstacle", going="going")
    more = (*said, *_own_questions(given), *asked(given))
    smaller = shrunk(given)
    told = (*reported(given), *((smaller,) if smaller else ()), *habits_told(given))
    return (*told, *_next_step(given), *_ratings(given), *more)


def _next_step(given: Given) -> tuple[Record, ...]:
    """What was promised where nothing was open, as a step towards the goal that was named."""
    goal = goal_in_turn(given)
    made = (each for each in promise(given.inside("step")) if isinstance(each, CommitmentMade | HabitMade))
    return tuple(replace(each, goal=goal.id if goal else "") for each in made)


def _own_questions(given: Given) -> Iterator[Remarked]:
    """Answers to the coach's own questions, each below its question."""
    asked = {f"{OWN}{n}": q.text for n, q in enumerate(given.facts.plan_of(given.engagement).programme.questions, 1)}
    for key in given.values:
        if key.startswith(OWN) and given.get(key) is not None:
            text = "\n".join(part for part in (asked.get(key, ""), given.words(key)) if part)
            yield Remarked(key=key, kind="own", text=text, audience=given.audience(key))


def _ratings(given: Given) -> Iterator[Rated]:
    confidence, energy, smaller = given.get("confidence"), given.get("energy"), shrunk(given)
    if confidence is not None and not (smaller and smaller.text):  # it was of the larger one
        hidden = Audience.PRIVATE in (given.audience("confidence"), given.audience("shakiest"))
        audience = Audience.PRIVATE if hidden else given.audience("confidence")
        yield Rated(key="confidence", kind="confidence", value=confidence, about=_rated(given), audience=audience)
    if energy is not None:
        yield Rated(key="energy", kind="energy", value=energy, audience=given.audience("energy"))


def _rated(given: Given) -> str:
    """What a number was asked about: the one that was chosen, whatever became of it; where none was, the first."""
    found = rated_here(given) or next(iter(still_open(given)), None)
    return str(given.get("shakiest") or (found.id if found else ""))


def _remarks(given: Given, **kinds: str) -> Iterator[Remarked]:
    for question, kind in kinds.items():
        key = f"slip.{question}" if f"slip.{question}" in given.values else question
        text = given.values.get(key)
        if text:
            audience = given.audiences.get(key, Audience.COACH)
            yield Remarked(key=question, kind=kind, text=text, audience=audience)


def _notes(given: Given) -> Iterator[Remarked]:
    for item in items_of(given):
        at = given.inside("items", item)
        for question, kind in (("helped", "helped"), ("left", "left")):
            text = at.get(question)
            if text:
                key = f"{question}:{item}"
                yield Remarked(key=key, kind=kind, text=text, about=item, audience=at.audience(question))


def asked(given: Given) -> tuple[Record, ...]:
    """The answer to a question of the coach, with the question; it is not asked again."""
    key = next((key for key in given.values if key == "asked" or key.endswith(".asked")), "")
    answer, question = given.values.get(key), question_open(given)
    if not answer or question is None:
        return ()
    audience = given.audiences.get(key, Audience.COACH)
    told = Remarked(key="asked", kind="answer", text=_with_question(question, answer), audience=audience)
    return (told, NoteSettled(engagement=question.engagement, note=question.id))


def _with_question(question: Note, answer: str) -> str:
    return f"{question.text.rstrip()} {answer}"


def focus(given: Given) -> tuple[Record, ...]:
    """The week's focus, and when it gets its moment."""
    first, matters, moment = given.get("comes_first"), given.get("matters"), given.get("moment")
    commitment = given.facts.commitment(first) if first else None
    text = matters or (commitment.text if commitment else "")
    if not text:
        return ()
    when = f" ({moment})" if moment else ""
    hidden = commitment is not None and commitment.audience is Audience.PRIVATE
    audience = Audience.PRIVATE if hidden else given.audience("matters" if matters else "moment")
    return (Remarked(key="focus", kind="focus", text=text + when, audience=audience),)


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "promise": promise,
    "first_promise": first_promise,
    "one_more": one_more,
    "own_promise": own_promise,
    "reports": reported,
    "checkin": checkin,
    "focus": focus,
}
