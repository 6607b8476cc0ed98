"""`program`: what clients are asked, this week and over the whole time; and the way to change it."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.coaching.programme.headers import AFTER_THE_END, AROUND_SESSIONS, BETWEEN, TOWARDS_THE_END
from bot.coaching.programme.rules import MENU, in_group, standing
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.lines import phrase_list
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Programme
from bot.model.replies import Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client


def program(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What new clients will be asked; `program change` changes it."""
    if reading.rest.strip():
        return Reply(opens=Opening(dialogue="program-change"))
    return _shown(facts, standing(facts.programme), None)


def program_of(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """What one client will be asked, this week and over the whole time."""
    return _shown(facts, standing(view.plan.programme), view)


def preview(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Trying it out: a coach's chat takes this up before it comes here."""
    return Reply(says=(phrase("preview_under_way"),))


def _shown(facts: Facts, programme: Programme, view: ClientView | None) -> Reply:
    lines = [_heading(programme, view)]
    if view is not None:
        lines += _week(facts, view)
    lines += _whole(facts, programme, view)
    buttons = (
        ("/program change", phrase("program_button_change")),
        ("/preview", phrase("program_button_preview")),
    )
    return Reply(says=(phrase("in_lines", lines=lines),), buttons=buttons)


def _heading(programme: Programme, view: ClientView | None) -> Phrase:
    if view is None:
        return phrase("program_heading", months=programme.months)
    return phrase("program_heading_of", client=view.engagement.client_name, months=programme.months)


def _week(facts: Facts, view: ClientView) -> list[Phrase]:
    coming = facts.coming.get(view.engagement.id, ())
    if not coming:
        return [phrase("program_week_none")]
    return [phrase("program_week"), *(_line(facts, day, dialogue) for day, dialogue in coming)]


def _line(facts: Facts, day: date, dialogue: str) -> Phrase:
    return phrase("program_line", day=day, title=_title(facts, dialogue))


def _whole(facts: Facts, programme: Programme, view: ClientView | None) -> list[Phrase]:
    dated = sorted((day, name) for name, day in programme.days.items() if name in programme.on)
    lines = [phrase("program_dates")] if dated else []
    lines += [phrase("program_day", day=day, title=_title(facts, name)) for day, name in dated]
    off = view is not None and view.plan.sessions_off
    lines += (
        [phrase("program_sessions_off")]
        if off
        else _titled(facts, "program_around", programme, in_group(AROUND_SESSIONS))
    )
    between = [name for name in in_group(BETWEEN) if name in programme.on]
    lines += [phrase("program_monthly", title=_title(facts, name)) for name in between]
    lines += _titled(facts, "program_end", programme, in_group(TOWARDS_THE_END))
    lines += _titled(facts, "program_after", programme, in_group(AFTER_THE_END))
    lines.append(phrase("program_often"))
    if programme.questions:
        lines.append(phrase("program_questions"))
        lines += [phrase("program_question", number=n, text=q.text) for n, q in enumerate(programme.questions, 1)]
    if programme.texts:
        lines.append(phrase("program_edited", count=len(programme.texts)))
    out = [name for name in MENU if name not in programme.on]
    return [*lines, *([phrase("program_off", titles=_titles(facts, out))] if out else [])]


def _titled(facts: Facts, key: str, programme: Programme, names: Iterable[str]) -> list[Phrase]:
    found = [name for name in names if name in programme.on]
    return [phrase(key, titles=_titles(facts, found))] if found else []


def _titles(facts: Facts, names: Iterable[str]) -> Phrase:
    found: Phrase = phrase_list([phrase("program_title", title=_title(facts, name)) for name in names])
    return found


def _title(facts: Facts, dialogue: str) -> str:
    script = facts.scripts.get(dialogue)
    return script.title if script else dialogue


COMMANDS: tuple[Command, ...] = (
    Command(
        verb="program",
        who=Who.COACH,
        run=program,
        about=program_of,
        own_words=frozenset({"change"}),
        needs=frozenset({Need.COMING}),
        in_free_text=a_client,
        shown=Shown.FIRST,
    ),
    Command(verb="preview", who=Who.COACH, run=preview, in_free_text=a_client),
)
