"""What was taken back, and what holds again, in lines."""

from bot.coaching.shared.lines import on_one_line, title
from bot.coaching.shared.places import city_of
from bot.model.commitments.values import Commitment, Standing
from bot.model.facts import Facts, Undoable
from bot.model.people.preferences import Pace
from bot.model.phrases import Phrase, phrase

_NAMED = 3  # commitments named one by one
_SETTLED = {Standing.DONE: "done", Standing.DROPPED: "let_go"}
PLANS_ANEW = frozenset({"pause", "stopped", "held"})  # settings after which it is said when the next question comes
_RHYTHM = frozenset({"pace", "weekday", "at", "daily_until", "working_days", "slowdown"})


def what(found: Undoable, facts: Facts) -> list[Phrase]:
    """What is taken back, by name."""
    if found.reveals:
        return [phrase("undone_private", what=_named(found))]
    if found.revises and found.read:
        return [phrase("undone_edit", reads=on_one_line(found.reads), read=on_one_line(found.read))]
    spoken = [*_spoken_of(found), *_habits_of(found, facts)]
    if spoken:
        return spoken
    if found.goals:
        return [phrase("undone_goal" if made else "undone_goal_change", goal=on_one_line(g)) for g, made in found.goals]
    if found.note:
        return [phrase("undone_note", words=on_one_line(found.words))]
    if found.fields:
        return [_setting(found, facts)]
    script = facts.scripts.get(found.deed)
    if script is not None:
        return [phrase("undone_dialogue", title=script.title, day=found.day)]
    return [phrase("undone", answer=_named(found), day=found.day)]


def _named(found: Undoable) -> str | Phrase:
    return on_one_line(found.reads or found.label or found.words) or phrase("last_answer")


def _spoken_of(found: Undoable) -> list[Phrase]:
    """Commitments that were made or told of; of a check-in over several, the whole of it."""
    changed = [(now, then) for now, then in found.commitments if now != then]
    if len(changed) > _NAMED:
        return [phrase("undone_several", count=len(changed), day=found.day)]
    return [_told(now, then) for now, then in changed]


def _habits_of(found: Undoable, facts: Facts) -> list[Phrase]:
    """Habits that were made, told of or changed."""
    lines = []
    for habit in facts.habits:
        told = {count.run for count in habit.counts} | {turn.run for turn in habit.turns}
        if found.run == habit.run or found.run in told:
            key = "undone_habit" if habit.run == found.run else "undone_habit_told"
            lines.append(phrase(key, habit=on_one_line(habit.text)))
    return lines


def _told(now: Commitment, then: Commitment | None) -> Phrase:
    if then is None:
        return phrase("undone_promise", commitment=title(now))
    if now.report in ("done", "partly", "not_yet", "let_go", "on_track"):
        return phrase("undone_report", commitment=title(now), report=phrase(f"report_{now.report}"))
    if now.due is not None and now.due != then.due:
        return phrase("undone_moved", commitment=title(now), day=now.due)
    return phrase("undone_told", commitment=title(now))


def _setting(found: Undoable, facts: Facts) -> Phrase:
    fields = found.fields
    if "pause" in fields:
        rests = any(pause.covers(facts.today) for pause in found.pauses)
        return phrase("undone_going_on" if rests else "undone_pause")
    if fields & {"stopped", "held"}:
        stands = found.wishes is not None and (found.wishes.stopped or found.wishes.held is not None)
        return phrase("undone_going_on" if stands else "undone_stop")
    named = (
        ("call_wanted", "call"),
        ("travel_zone", "travel"),
        ("name", "name"),
        ("home", "city"),
        ("language", "language"),
    )
    return phrase(next((f"undone_{key}" for column, key in named if column in fields), "undone_setting"))


# -- what holds again ------------------------------------------------------------------------------------------------


def again(found: Undoable) -> list[Phrase]:
    """What holds again, once it is taken back."""
    if found.reveals:
        return [phrase("again_shown")]
    changed = [(now, then) for now, then in found.commitments if now != then and then is not None]
    several = len(changed) > 1
    lines = [_stands(now, then, named=several) for now, then in changed[:_NAMED] if then is not None]
    if lines:
        return lines
    return _settings_again(found) if found.fields and not found.commitments else []


def _stands(now: Commitment, then: Commitment, *, named: bool) -> Phrase:
    """How a commitment stands again; of several, each by its words."""
    key = _SETTLED.get(then.standing) or ("open" if then.due else "open_no_day")
    if key.startswith("open") and now.standing is Standing.OPEN and now.due != then.due:
        key = "due" if then.due else "no_day"
    return phrase(f"again_{key}{'_named' if named else ''}", commitment=title(then), day=then.due)


def _settings_again(found: Undoable) -> list[Phrase]:
    wishes, fields = found.wishes, found.fields
    if wishes is None:
        return []
    lines = []
    if "name" in fields:
        lines.append(phrase("again_name", name=found.name))
    if fields & {"home", "travel_zone"}:
        lines.append(phrase("again_city", city=city_of(wishes.travel_zone or found.home)))
    if fields & _RHYTHM:
        key = "when_daily" if wishes.pace is Pace.DAILY else "when"
        day = phrase(f"weekday_{wishes.weekday}")
        lines.append(phrase("again_when", when=phrase(key, pace=phrase(f"pace_{wishes.pace}"), day=day, at=wishes.at)))
    return lines
