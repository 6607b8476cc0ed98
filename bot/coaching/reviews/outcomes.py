"""What reviews and adjustments come to: pure functions from answers to records."""

from collections.abc import Iterator

from bot.coaching.planning.goals import level_told
from bot.coaching.shared.outcomes import day_of, remarks
from bot.model.records import Record
from bot.model.records_plan import GoalChanged
from bot.model.replies import Given


def review(given: Given) -> tuple[Record, ...]:
    """Levels with their evidence, what becomes of each goal, and what matters next."""
    records: list[Record] = []
    for item in given.lists.get("active_goals", ()):
        at = given.inside("goals", item)
        records += level_told(at, item)
        if at.get("keep") == "retire":
            records.append(GoalChanged(key=f"keep:{item}", goal=item, kind="state", by=given.side, state="retired"))
        if at.get("keep") == "adjust":
            records += _adjusted(at, item)
    return (*records, *remarks(given, going="going", next_month="focus"))


def adjust(given: Given) -> tuple[Record, ...]:
    """Another date, another size, or the end of one goal."""
    which = given.get("which")
    return tuple(_adjusted(given, which)) if which else ()


def _adjusted(at: Given, item: str) -> Iterator[Record]:
    """What was said in the part about one goal; a new size becomes a new version of its ladder, gone over next."""
    change, by = at.inside("change"), at.side
    reason = change.get("changed") or ""
    match change.get("how"):
        case "date" if change.get("when"):
            due = day_of(change.get("when"))
            yield GoalChanged(key=f"adjust:{item}", goal=item, kind="adjusted", by=by, reason=reason, due=due)
        case "stop":
            yield GoalChanged(key=f"adjust:{item}", goal=item, kind="adjusted", by=by, reason=reason, state="retired")
        case "size" if change.get("zero"):
            yield GoalChanged(key=f"adjust:{item}", goal=item, kind="adjusted", by=by, reason=reason)
        case _:
            pass
