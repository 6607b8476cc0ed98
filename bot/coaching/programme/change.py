"""The dialogue in which a coach changes a programme: what it offers, checks, says and comes to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.coaching.programme.lines import first_wording
from bot.coaching.programme.rules import (
    DATED,
    MENU,
    REWORDABLE,
    TEMPLATES,
    asking,
    not_asking,
    on_day,
    standing,
    toggled,
    worded,
)
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.plan import OwnQuestion, Programme
from bot.model.records import Record
from bot.model.records_plan import ProgrammeSet
from bot.model.replies import Given
from bot.rendering.shortening import shortened
from bot.rendering.wording import gaps

LINE = 1_000  # characters of one line
QUESTION = 200
EVERYWHERE = frozenset({"coach", "name"})  # gaps that any line may have
AS_BEFORE = "as before"
_BUTTON = 38  # characters on a button

Options = tuple[tuple[str, Any], ...]


def _title(facts: Facts, dialogue: str) -> str:
    script = facts.scripts.get(dialogue)
    return script.title if script else dialogue


def _dialogues(given: Given) -> Options:
    """The dialogues that are sent of the bot's own accord, or by a commitment; consents stay as they are."""
    scripts = given.facts.scripts
    return tuple((name, _cut(scripts[name].title)) for name in REWORDABLE if name in scripts and scripts[name].lines)


def _lines(given: Given) -> Options:
    script = given.facts.scripts.get(given.get("dialogue") or "")
    return tuple((key, _cut(text)) for key, text in script.lines) if script else ()


def _menu(given: Given) -> Options:
    on = standing(given.facts.programme).on
    return tuple(
        (name, phrase("program_in" if name in on else "program_out", title=_title(given.facts, name))) for name in MENU
    )


def _dated(given: Given) -> Options:
    return tuple((name, _title(given.facts, name)) for name in DATED)


def _questions(given: Given) -> Options:
    own = standing(given.facts.programme).questions
    return tuple((str(number), _cut(question.text)) for number, question in enumerate(own, 1))


def _scopes(given: Given) -> Options:
    coached = [e for e in given.facts.engagements if e.coach == given.facts.person.id and e.state == "active"]
    return tuple((e.id, phrase("program_scope", client=_cut(e.client_name))) for e in coached[:20])


def _cut(text: str) -> str:
    return shortened(text, _BUTTON)


def a_programme_line(value: Any, given: Given) -> Phrase | None:
    """Fits on a screen, and has no gaps but those of the line that it stands for."""
    if len(value) > LINE:
        return phrase("wrong_programme_line", limit=LINE)
    allowed = gaps(first_wording(given.facts, given.get("line") or "")) | EVERYWHERE
    if _fillable(value, allowed):
        return None
    return phrase("wrong_programme_gap", gaps=", ".join(f"{{{name}}}" for name in sorted(allowed)) or "-")


def _fillable(text: str, allowed: Collection[str]) -> bool:
    try:
        return gaps(text) <= set(allowed)
    except ValueError:  # a brace that nothing closes
        return False


def a_question(value: Any, given: Given) -> Phrase | None:
    """One line, to be asked as it is."""
    broken = len(value) > QUESTION or "\n" in value or "{" in value or "}" in value
    return phrase("wrong_question") if broken else None


def program_change(given: Given) -> tuple[Record, ...]:
    """The programme of whoever it is for, with the one change."""
    change, whom = _change(given), given.get("whom")
    if change is None or whom is None:
        return ()
    facts = given.facts
    own = [e.id for e in facts.engagements if e.coach == facts.person.id and e.state == "active"]
    wanted = own if whom == "all" else [e for e in own if e == whom]
    records = [ProgrammeSet(programme=change(standing(facts.plan_of(e).programme)), engagement=e) for e in wanted]
    if whom in ("new", "all"):
        records.append(ProgrammeSet(programme=change(standing(facts.programme))))
    return tuple(records)


def _change(given: Given) -> Callable[[Programme], Programme] | None:
    match given.get("change"):
        case "wording" if given.get("line") and given.get("wording"):
            text = given.get("wording")
            new = "" if text.casefold() == AS_BEFORE else text
            key = f"{given.facts.person.language}/{given.get('line')}"
            return lambda programme: worded(programme, key, new)
        case "menu" if given.get("entry"):
            return lambda programme: toggled(programme, given.get("entry"))
        case "day" if given.get("dated") and given.get("day"):
            return lambda programme: on_day(programme, given.get("dated"), int(given.get("day")))
        case "question" if given.get("question"):
            asked = OwnQuestion(text=given.get("question"), kind=given.get("answered_by") or "text")
            return lambda programme: asking(programme, asked)
        case "unquestion" if (given.get("dropped") or "none") != "none":
            return lambda programme: not_asking(programme, int(given.get("dropped")))
        case "template" if given.get("template"):
            base = TEMPLATES[given.get("template")]
            return lambda programme: replace(base, texts=programme.texts, questions=programme.questions)
        case _:
            return None


OPTIONS: Mapping[str, Callable[[Given], Options]] = {
    "programme_dialogues": _dialogues,
    "programme_lines": _lines,
    "programme_menu": _menu,
    "programme_dated": _dated,
    "programme_questions": _questions,
    "programme_scopes": _scopes,
}
OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {"program_change": program_change}
VALIDATORS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {
    "a_programme_line": a_programme_line,
    "a_question": a_question,
}
