"""What was said about each commitment in a dialogue, and what that makes of it. Shared by outcomes and wording."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

from bot.model.commitments.records import Reported
from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from bot.model.people.preferences import Pause
from bot.model.plan import Note
from bot.model.replies import Given

ASKED_FOR = timedelta(days=28)  # a question of the coach that nobody answered by then has had its time

_SMALLER = re.compile(r"\s*\([^()]*\)$")  # what was left of it before
DUE_TODAY = "due-today"  # the dialogue that asks how it went
TOMORROW = "tomorrow"  # the one that brings a plan back the working day before
_LISTS = ("due_items", "first_open")
_AFTER_SLIPS = ("after-a-slip", "after-pause")


def items_of(given: Given) -> tuple[str, ...]:
    """The commitments that a dialogue goes over."""
    listed = next((given.lists[name] for name in _LISTS if name in given.lists), ())
    return tuple(item for item in listed if _stands(given, item))


def stands(given: Given) -> bool:
    """Whether a loop still comes to a commitment: not where it was settled or moved elsewhere in the meantime."""
    return _stands(given, given.item)


def _stands(given: Given, item: str) -> bool:
    if any(f"[{item}]." in key for key in given.values) or _of_slip(given, "together") in ("move_all", "drop_all"):
        return True
    commitment = given.facts.commitment(item)  # the open ones are there
    if given.dialogue == TOMORROW:
        return commitment is not None
    asked_when_due = given.by == "bot" and asks_how_it_went(given) and "due_items" in given.lists
    if commitment is None or not asked_when_due:
        return commitment is not None
    return commitment.due is not None and commitment.due <= given.facts.today


def status_of(given: Given, item: str) -> str:
    """What the client said of one commitment; empty when they said nothing."""
    return given.get(f"items[{item}].status") or ""


def asks_how_it_went(given: Given) -> bool:
    """Whether the dialogue does; else it is about what to do next."""
    return given.dialogue not in _AFTER_SLIPS


def has_slipped(given: Given, item: str) -> bool:
    """Not yet, or partly for the second time: worth a word about what next.

    A dialogue that does not ask how it went was begun because it had slipped.
    """
    if not asks_how_it_went(given):
        return True
    commitment = given.facts.commitment(item)
    status = status_of(given, item)
    again = commitment is not None and commitment.slips > 0
    return status == "not_yet" or (status == "partly" and again and not given.get(f"items[{item}].left"))


def slipped(given: Given) -> tuple[str, ...]:
    """The commitments of a dialogue that have slipped."""
    return tuple(item for item in items_of(given) if has_slipped(given, item))


def reports(given: Given) -> Iterator[Reported]:
    """One report for each commitment that something was said of."""
    for item in items_of(given):
        report = _report(given, item)
        if report is not None:
            yield report


def _report(given: Given, item: str) -> Reported | None:
    status = status_of(given, item)
    at = given.inside("items", item)
    match status:
        case "done":
            return _made(item, "done", note=at.get("helped") or "", audience=at.audience("helped"))
        case "partly" if not has_slipped(given, item):
            return _partly(given, item)
        case "slipping":
            return _made(item, "not_yet", due=_day(at.get("when")))
        case "let_go" | "on_track" | "parked":
            return _made(item, status)
        case _:
            return _slip(given, item, status)


def _partly(given: Given, item: str) -> Reported:
    """It goes on with what is left, in words that whoever sees it may read, and with its new day."""
    at = given.inside("items", item)
    left, audience, commitment = at.get("left") or "", at.audience("left"), given.facts.commitment(item)
    shown = bool(left) and commitment is not None and audience is not Audience.PRIVATE
    text = going_on(commitment, left) if commitment is not None and shown else ""
    return _made(item, "partly", due=_day(at.get("left_due")), text=text, note=left, audience=audience)


def going_on(commitment: Commitment, left: str) -> str:
    """A commitment of which so much is left: what is left stands behind what it is a part of."""
    whole = _SMALLER.sub("", commitment.text) if commitment.smaller else commitment.text
    return f"{whole} ({left})"


def _slip(given: Given, item: str, status: str) -> Reported | None:
    """A slip with what was decided: for all at once, for this one, or nothing yet."""
    together, each = _of_slip(given, "together"), f"each[{item}]."
    told = status or "moved"
    if together == "drop_all":
        return _made(item, "let_go")
    if together == "move_all":
        return _made(item, told, due=_day(_of_slip(given, "together_day")))
    worth = _of_slip(given, f"{each}worth")
    if worth == "drop":
        return _made(item, "let_go")
    if worth is not None:
        step = _of_slip(given, f"{each}step") or ""
        return _made(item, told, due=_day(_of_slip(given, f"{each}when")), text=step)
    return _made(item, status) if status else None


def _of_slip(given: Given, name: str) -> str | None:
    """An answer of the slip dialogue, called from another one or on its own."""
    found: str | None = given.values.get(f"slip.{name}", given.values.get(name))
    return found


def _made(
    item: str,
    report: str,
    *,
    due: date | None = None,
    text: str = "",
    note: str = "",
    audience: Audience = Audience.COACH,
) -> Reported:
    return Reported(key=item, commitment=item, report=report, due=due, text=text, note=note, note_audience=audience)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def still_open(given: Given) -> tuple[Commitment, ...]:
    """The open commitments, less those that were just reported settled in this dialogue."""
    settled = {r.commitment for r in reports(given) if r.report in ("done", "let_go", "parked")}
    return tuple(c for c in given.facts.open_commitments if c.id not in settled)


# -- the coach's question, which rides on a check-in -----------------------------------------------------------------


def question_open(given: Given) -> Note | None:
    """The coach's question that waits to be asked; once answered, the one that was."""
    asked = [note for note in given.plan_here.notes if note.kind == "question"]
    fresh = [note for note in asked if not note.done and given.facts.today - note.day <= ASKED_FOR]
    if fresh:
        return fresh[0]
    answered = any(key.rpartition(".")[2] == "asked" for key in given.values)
    return asked[-1] if asked and answered else None


# -- lists -----------------------------------------------------------------------------------------------------------


def due_items(facts: Facts, engagement: str) -> tuple[str, ...]:
    """Open commitments that are due by today, but for what their own day settled, and what a rest still holds."""
    return tuple(c.id for c in facts.open_commitments if c.due is not None and _to_ask(facts, c, c.due))


def _to_ask(facts: Facts, commitment: Commitment, due: date) -> bool:
    told = commitment.reported is not None and commitment.reported >= due
    again = due == facts.today and commitment.report in ("not_yet", "moved")  # it was put off to this very day
    return (
        due <= facts.today
        and (again or not told)
        and not any(_holds(facts, rest, commitment, due) for rest in facts.pauses)
    )


def _holds(facts: Facts, rest: Pause, commitment: Commitment, due: date) -> bool:
    """What fell due in a rest is left to one message of its own, on the second working day back."""
    if rest.last is None or not rest.covers(due) or (commitment.asked is not None and commitment.asked >= due):
        return False
    back = (rest.last + timedelta(days=n) for n in range(1, max(0, (facts.today - rest.last).days) + 1))
    wishes = facts.wishes
    return sum(day.weekday() in wishes.working_days and day not in wishes.holidays for day in islice(back, 14)) < 2


def first_open(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The open commitment that comes next, when there is one."""
    return tuple(c.id for c in facts.open_commitments[:1])


LISTS: Mapping[str, Callable[[Facts, str], tuple[str, ...]]] = {"due_items": due_items, "first_open": first_open}
STANDS: Mapping[str, Callable[[Given], bool]] = dict.fromkeys(_LISTS, stands)
