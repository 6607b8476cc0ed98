"""The page that shows where a person stands: for a client what is open and what comes, for a coach the way in."""

from collections.abc import Iterable
from datetime import datetime

from bot.messages.outgoing import Choice, Section
from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Panel
from bot.rendering.wording import Wording
from bot.time_zones import local_time, zone_at

_SHOWN = 10


def home_page(facts: Facts) -> tuple[Panel, ...]:
    """The panels of a person's page, all from their own facts."""
    panels: tuple[Panel, ...] = ()
    if facts.is_client:
        panels += (_open(facts), _next(facts), _sees(facts))
    if facts.person.coach:
        panels += (_practice(facts),)
    return panels or (strangers(),)


def strangers() -> Panel:
    """What is shown to somebody who is not known yet: what to do, and a button for the code that they have."""
    return Panel(heading=phrase("page_stranger"), buttons=(("/join", phrase("page_join")),))


def drawn(panels: Iterable[Panel], wording: Wording) -> tuple[Section, ...]:
    """The panels in words."""
    return tuple(
        Section(
            heading=wording.render(panel.heading),
            lines=tuple(wording.render(line) for line in panel.lines),
            choices=tuple(Choice(value=value, label=wording.render(label)) for value, label in panel.buttons),
        )
        for panel in panels
    )


def _open(facts: Facts) -> Panel:
    lines = tuple(_line(c) for c in facts.open_commitments[:_SHOWN])
    buttons = (("/commit", phrase("page_commit")), ("/progress", phrase("page_progress")))
    return Panel(heading=phrase("page_open"), lines=lines or (phrase("page_nothing_open"),), buttons=buttons)


def _line(commitment: Commitment) -> Phrase:
    if commitment.due is None:
        return phrase("page_commitment", number=commitment.number, text=commitment.text)
    return phrase("page_commitment_due", number=commitment.number, text=commitment.text, due=commitment.due)


def _next(facts: Facts) -> Panel:
    at = facts.next_prompt
    line = phrase("page_next_at", at=_there(at, facts)) if at else phrase("page_next_none")
    buttons = (
        ("/checkin", phrase("page_checkin")),
        ("/pause", phrase("page_pause")),
        ("/settings", phrase("page_settings")),
        ("/callme", phrase("page_call")),
    )
    return Panel(heading=phrase("page_next"), lines=(line,), buttons=buttons)


def _there(at: datetime, facts: Facts) -> datetime:
    """An instant on the clock of where the client will be by then."""
    return local_time(at, zone_at(at, facts.person.home, facts.wishes))


def _sees(facts: Facts) -> Panel:
    lines = tuple(
        phrase("page_sees_line", coach=e.coach_name, visible=phrase(f"visible_{e.visible}"))
        for e in facts.engagements
        if e.client == facts.person.id
    )
    return Panel(heading=phrase("page_sees"), lines=lines, buttons=(("/whosees", phrase("page_whosees")),))


def _practice(facts: Facts) -> Panel:
    count = sum(e.coach == facts.person.id for e in facts.engagements)
    buttons = (("/clients", phrase("page_clients")), ("/digest", phrase("page_digest")))
    return Panel(heading=phrase("page_practice"), lines=(phrase("page_practice_line", count=count),), buttons=buttons)
