"""What went well, as the digest tells it: by the day on which it was reported, each thing once.

What fell due in the seven days before the client's own day is counted together with what was done of it. What was done
after a digest had told that it was not done stands by itself, as late.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.digest.signal_kinds import WEEK, Signal, days_since, this_week
from bot.coaching.digest.signals import reason, wins
from bot.coaching.shared.lines import phrase_list
from bot.model.commitments.values import Commitment, Standing
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase

WasTold = Callable[[str], bool]  # whether a digest has told of the thing with that key


@dataclass(frozen=True, kw_only=True, slots=True)
class Won:
    """The wins of one client: what was done of what was due, what was done late, and what else went well."""

    view: ClientView
    done: int = 0
    due: int = 0
    late: int = 0
    signals: tuple[Signal, ...] = ()


def won(view: ClientView, today: date, told: WasTold) -> Won:
    """What a client has won on their local day `today`, less what has been told."""
    done = [c for c in view.commitments if _done_lately(c, today) and not told(_key(c))]
    late = [c for c in done if c.due is not None and days_since(c.due, today, view.pauses) > WEEK]
    missed = [c for c in view.commitments if c.standing is Standing.OPEN and _fell_due(c, view, today)]
    on_time = len(done) - len(late)
    return Won(
        view=view,
        done=on_time,
        due=on_time + len(missed),
        late=len(late),
        signals=tuple(signal for signal in wins(view, today) if not told(signal.key)),
    )


def win_keys(view: ClientView, today: date) -> frozenset[str]:
    """The keys of all that a digest of this day may tell as won, for whoever counts what was told."""
    done = {_key(c) for c in view.commitments if _done_lately(c, today)}
    return frozenset(done | {signal.key for signal in wins(view, today)})


def _done_lately(commitment: Commitment, today: date) -> bool:
    return commitment.standing is Standing.DONE and this_week(commitment.reported, today)


def _fell_due(commitment: Commitment, view: ClientView, today: date) -> bool:
    """Its day is over: what is due today or later is not "not done", nor what a pause holds."""
    due = commitment.due
    held = due is not None and any(pause.covers(due) for pause in view.pauses)
    return due is not None and not held and today - timedelta(days=WEEK) <= due < today


def _key(commitment: Commitment) -> str:
    return f"done {commitment.id}"


def win_entries(all_won: Iterable[Won], unfinished: Mapping[str, bool]) -> tuple[Phrase, ...]:
    """One entry for each thing that went well, and at the end whoever was late; `unfinished` by engagement."""
    found, late = [], []
    for each in all_won:
        client = each.view.name
        found += [phrase("win_of", client=client, what=reason(signal)) for signal in each.signals]
        if each.done:
            key = "win_unfinished" if unfinished.get(each.view.engagement.id) else "win"
            found.append(phrase(key, client=client, done=each.done, count=each.due))
        if each.late:
            late.append(phrase("late_of", client=client, number=each.late))
    return (*found, phrase("win_late", entries=phrase_list(late))) if late else tuple(found)
