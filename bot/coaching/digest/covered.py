"""What whoever covers for a coach who is away reads of their clients: a roster for each such coach."""

from collections.abc import Iterable
from datetime import date

from bot.coaching.digest.client_lines import roster_lines
from bot.coaching.digest.digest import Part
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.visibility.covered import mark
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase

_AT_ONCE = 20  # lines in one message


def covered_lines(covered: Iterable[ClientView], today: date) -> tuple[Phrase, ...]:
    """The roster of each coach who is covered, below a line that says so."""
    groups: dict[tuple[str, date], list[ClientView]] = {}
    for view in covered:
        if view.engagement.cover is not None:
            groups.setdefault((view.engagement.coach, view.engagement.cover.last), []).append(view)
    return tuple(line for group in groups.values() for line in (*mark(group[0]), *roster_lines(group, today)))


def covered_parts(covered: tuple[ClientView, ...], today: date) -> tuple[Part, ...]:
    """What a digest has to say on covered clients, in messages of their own, each with a button to open one."""
    lines = covered_lines(covered, today)
    buttons = tuple(
        (f"/client {ref_of(view.engagement.id)}", phrase("button_open", client=view.name)) for view in covered
    )
    return tuple(
        Part(lines=lines[at : at + _AT_ONCE], buttons=() if at else buttons[:_AT_ONCE])
        for at in range(0, len(lines), _AT_ONCE)
    )
