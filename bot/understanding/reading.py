"""Understands a free text: every sense that it may have, from which the engine picks. Dates are added by the caller.

Usage: `read_text`, then `wants_dates` for the stretches in which a date should be looked for. Order of precedence: a
text in quotes means itself; the label of a button is that button; a word such as "skip" as the whole text steers the
dialogue; a command is one if its shape allows no other sense; what is left may be a report on a commitment.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from bot.messages.readings import Reading, Trouble
from bot.model.facts import Facts
from bot.rendering.nil_words import is_nil
from bot.rendering.wording import Wording
from bot.understanding.clean import LIMIT, clean
from bot.understanding.commands import (
    CommandContext,
    Commands,
    Content,
    Dates,
    Found,
    candidates,
    command_in,
    content_of,
    dates_of,
    named,
    told_of,
)
from bot.understanding.dates.recurrence import completed, cut_at, place_in, rest_of, span_of, stretches_of
from bot.understanding.habits import habit_in, states_habit
from bot.understanding.matching import number_of, numbers_in
from bot.understanding.promises import promise_in, says_deed
from bot.understanding.reports import read_report
from bot.understanding.vocabulary import Vocabulary, ends, key, starts, vocabulary_of, words_of

_NUMBERED = ("scale", "level", "number")  # questions whose answer is a number: a sentence is something else
_LINES = 7  # entries of a list that are read at all; a longer one is sent back
_LONGEST_PROMISE = 300
_LONGEST_LABEL = 200
_REFERENCE = "~"  # how a button names a client
_TIMELESS = ("done", "let_go", "on_track")  # reports that name no day to come

_DOUBLE, _SINGLE = '"“”„‟«»「」『』', "'‘’‚‛‹›"
_NUMERIC = re.compile(r"[\d\s/+:.,-]+")  # says nothing but a number, a date or an hour: the commonest answers
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_TONES = ("Sk", "Mn")  # what colours or varies the sign before it
_PARTED = ":,;-–—"
_CHANGE_WORDS = 6  # words behind "change" where nothing else could be meant


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """The open question, as far as understanding needs it.

    `kind` is the engine's name for the kind of answer, `takes_date` says that a date in passing answers another
    question, `labels` are the words on and for its buttons, `asked` the ids of the questions that can be changed;
    `passing` says that it stands without an answer, `takes_habit` that what comes again and again may be said instead.
    """

    kind: str
    dialogue: str = ""
    takes_date: bool = False
    labels: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    passing: bool = False
    takes_habit: bool = False


def read_text(text: str, *, waiting: Waiting | None, facts: Facts, wording: Wording, spoken: Commands) -> Reading:
    """What a typed text may mean while a question, or none, is open; never raises. `dates` stays empty."""
    cleaned = clean(text)
    if isinstance(cleaned, Trouble):
        return Reading(text="", trouble=cleaned)
    vocabulary = vocabulary_of(wording)
    if _NUMERIC.fullmatch(cleaned):
        return Reading(text=cleaned)
    if facts.wishes.held is not None and waiting is None and key(cleaned) in vocabulary.yes | vocabulary.no:
        return Reading(text=cleaned, verb="callme" if key(cleaned) in vocabulary.yes else "notnow")
    quoted = _literally(cleaned, vocabulary)
    if quoted:
        return Reading(text=quoted, literal=True)
    context = _context(waiting, facts, wording, spoken)
    if cleaned.startswith("/"):
        found = _slashed(cleaned, context)
        if found is not None:
            return found
    steered = None if _is_answer(cleaned, waiting, vocabulary) else _steered(cleaned, waiting, context)
    if steered is not None:
        return steered
    report, commitment = read_report(cleaned, facts, vocabulary)
    found = Reading(text=cleaned, report=report, commitment=commitment if report else "")
    if waiting is None or waiting.passing:
        return _out_of_the_blue(found, vocabulary)
    if waiting.kind in _NUMBERED:
        habit = habit_in(cleaned, vocabulary) if states_habit(cleaned, vocabulary) else None
        return replace(found, promises=says_deed(cleaned, vocabulary), habit=habit)
    habit = habit_in(cleaned, vocabulary) if waiting.kind == "habit" or waiting.takes_habit else None
    return replace(found, habit=habit)


def written_down(text: str, *, facts: Facts, wording: Wording, spoken: Commands) -> Reading:
    """A text that is an answer for sure, as of an edit or in a form: as it stands, or not for the coach."""
    found = read_text(text, waiting=Waiting(kind="text"), facts=facts, wording=wording, spoken=spoken)
    if not found.private_answer:
        return Reading(text=text, literal=True)
    return Reading(text=found.text, rest=found.rest, literal=True, private_answer=True)


def read_call(
    verb: str, rest: str, *, waiting: Waiting | None, facts: Facts, wording: Wording, spoken: Commands
) -> Reading:
    """What a slash command means: a command or a control for sure, however it is worded; `text` is all of it.

    A verb that is not known is handed on as it stands, in lower case. Without any word at all it is "help".
    """
    cleaned = clean(f"{verb} {rest}")
    if cleaned is Trouble.EMPTY:
        cleaned = ""
    elif isinstance(cleaned, Trouble):
        return Reading(text="", trouble=cleaned)
    return _called(cleaned.removeprefix("/").strip(), _context(waiting, facts, wording, spoken))


def wants_dates(reading: Reading, waiting: Waiting | None, spoken: Commands) -> tuple[str, ...]:
    """The stretches of a text in which a date should be looked for, one for each entry of `Reading.dates`.

    The entries of a list, the words behind a command that takes a day, an answer that is or may hold a date, or, when
    nothing is open, what may be a promise. Nothing for all else, so that a plain answer costs no search.
    """
    if reading.trouble is not None:
        return ()
    if reading.verb and not reading.private_answer:
        dated = dates_of(reading.verb, spoken) is not Dates.NONE
        return reading.when or ((reading.rest,) if dated and reading.rest else ())
    if reading.control:
        return ()
    if waiting is None or waiting.passing or waiting.kind in _NUMBERED:
        return (reading.text,) if _may_promise(reading) else ()
    if waiting.kind == "commitments":
        return lines_in(reading.text)
    return (reading.text,) if waiting.kind == "date" or waiting.takes_date else ()


def wants_deeds(reading: Reading, waiting: Waiting | None, spoken: Commands) -> tuple[str, ...]:
    """The lines in which something that somebody will do is looked for; a line may hold several such things."""
    if reading.trouble is not None or reading.control or reading.literal:
        return ()
    if reading.verb:
        promised = content_of(reading.verb, spoken) is Content.COMMITMENT and reading.rest
        return (reading.when or (reading.rest,)) if promised else ()
    if waiting is None or waiting.passing or waiting.kind in _NUMBERED:
        return (reading.text,) if _may_promise(reading) else ()
    if waiting.kind == "commitments":
        return lines_in(reading.text)
    return (reading.text,) if waiting.takes_date else ()


def _may_promise(reading: Reading) -> bool:
    """Whether a text out of the blue may hold a promise or a new day: a few words that ask nothing."""
    text = reading.text
    plain = not reading.literal and reading.report not in _TIMELESS and not text.endswith(("?", "？", "؟"))
    return plain and len(text) <= _LONGEST_PROMISE and len(text.split(maxsplit=1)) > 1


def _out_of_the_blue(reading: Reading, vocabulary: Vocabulary) -> Reading:
    """What else a text may be that nothing waits for."""
    promises, opener = promise_in(reading.text, vocabulary) if _may_promise(reading) else (False, "")
    stated = not reading.report and (promises or states_habit(reading.text, vocabulary))
    habit = habit_in(reading.text, vocabulary, opener) if stated else None
    greets = _greets(reading.text, vocabulary)
    return replace(reading, greets=greets, promises=promises, opener=opener, habit=habit)


def _greets(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is made of greetings alone; a pictogram is a word of its own, in whatever tone of skin."""
    apart = (f" {sign} " if unicodedata.category(sign) == "So" else sign for sign in text)
    words = words_of("".join(sign for sign in "".join(apart) if unicodedata.category(sign) not in _TONES))
    words = [word for word in words if word != ","]
    taken = len(words)
    while taken and (n := ends(words[:taken], vocabulary.greetings)):
        taken -= n
    return bool(words) and not taken


def lines_in(text: str) -> tuple[str, ...]:
    """The entries of a list as the engine parts them: by lines or semicolons, bullets and numbers off; not too many."""
    parts = (_BULLET.sub("", part).strip() for part in re.split(r"[\n;]", text))
    lines = tuple(part for part in parts if part)
    return lines if len(lines) <= _LINES else ()


# -- meant as it stands ----------------------------------------------------------------------------------------------


def _literally(text: str, vocabulary: Vocabulary) -> str:
    """The inside of a text that is wholly in quotes or begins with "say:"; else nothing."""
    inside = ""
    if len(text) > 2 and text[0] in _DOUBLE and text[-1] in _DOUBLE:
        inside = "" if any(mark in _DOUBLE for mark in text[1:-1]) else text[1:-1]
    elif len(text) > 2 and text[0] in _SINGLE and text[-1] in _SINGLE:
        inside = "" if re.search(rf"(?<!\w)[{_SINGLE}]|[{_SINGLE}](?!\w)", text[1:-1]) else text[1:-1]
    elif key(text[:40].partition(":")[0]) in vocabulary.say and ":" in text[:40]:
        inside = text.partition(":")[2]
    found = clean(inside, LIMIT)
    return "" if isinstance(found, Trouble) else found


def _is_answer(text: str, waiting: Waiting | None, vocabulary: Vocabulary) -> bool:
    """Whether a text is the label of a button, several words from its beginning, or a plain yes or no."""
    if waiting is None or len(text) > _LONGEST_LABEL:
        return False
    said = key(text)
    if waiting.kind == "yes_no" and said in vocabulary.answers:
        return True
    labels = [key(label) for label in waiting.labels]
    return said in labels or (" " in said and any(label.startswith(f"{said} ") for label in labels))


# -- controls and commands -------------------------------------------------------------------------------------------


def _context(waiting: Waiting | None, facts: Facts, wording: Wording, spoken: Commands) -> CommandContext:
    open_one = waiting or Waiting(kind="")
    return CommandContext(
        kind=open_one.kind,
        dialogue=open_one.dialogue,
        deed=open_one.takes_date or open_one.kind == "commitments",
        facts=facts,
        wording=wording,
        vocabulary=vocabulary_of(wording),
        spoken=spoken,
    )


def _steered(text: str, waiting: Waiting | None, context: CommandContext) -> Reading | None:
    """The control or command that a text is, or None."""
    control = _control(text, context.vocabulary)
    found = command_in(text, context)
    if control:
        return Reading(text=text, control=control, verb=found.verb if found else "")
    changed = _change(text, waiting, context)
    if changed is not None and found is None:
        return Reading(text=text, control="change", rest=changed)
    if found is None:
        return None
    if waiting is not None and found.rest and content_of(found.verb, context.spoken) is Content.ANSWER:
        return _answer_in_private(text, found, waiting)
    return _commanded(text, found, context)


def _answer_in_private(text: str, found: Found, waiting: Waiting) -> Reading:
    """An answer with "private" in front; before free words only a colon or the like parts the one from the other."""
    parted = text.removesuffix(found.rest).rstrip()[-1:] in _PARTED or found.rest[0] in _PARTED
    whole = waiting.kind == "text" and not parted
    return Reading(
        text=text if whole else found.rest.lstrip(_PARTED + " "), verb=found.verb, rest=found.rest, private_answer=True
    )


def _commanded(text: str, found: Found, context: CommandContext) -> Reading:
    known = context.vocabulary
    reading = Reading(text=text, verb=found.verb, rest=found.rest, behind=known.behind.get(found.verb, {}))
    dates = dates_of(found.verb, context.spoken)
    if dates not in (Dates.NONE, Dates.REST) and found.rest:
        return _with_stretches(reading, found, dates, context)
    match content_of(found.verb, context.spoken):
        case Content.REPORT:
            report, commitment = told_of(found, context)
            numbers, habit = numbers_in(found.rest, known), habit_in(found.rest, known)
            return replace(reading, report=report, commitment=commitment, numbers=numbers, habit=habit)
        case Content.PLACE:
            return replace(reading, place=place_in(found.rest, known))
        case Content.COMMITMENT:
            hidden, words = _kept_apart(found.rest, context)
            rest = "" if is_nil(words, context.wording) else words
            opener = promise_in(rest, known)[1]
            return replace(
                reading, rest=rest, opener=opener, habit=habit_in(rest, known, opener), private_promise=hidden
            )
        case _:
            return reading


def _kept_apart(text: str, context: CommandContext) -> tuple[bool, str]:
    """Whether a promise has "private" in front, and its words; only a colon or the like parts the two."""
    head, _, rest = text.partition(" ")
    private = context.vocabulary.verbs.get(key(head.rstrip(_PARTED)))
    if not rest.strip() or private is None or content_of(private, context.spoken) is not Content.ANSWER:
        return False, text
    return True, rest.strip() if head[-1:] in _PARTED else text


def _with_stretches(reading: Reading, found: Found, dates: Dates, context: CommandContext) -> Reading:
    """The words that say when, without the client's name, which may be that of a month."""
    known = context.vocabulary
    if dates is Dates.PAUSE:
        return replace(reading, when=rest_of(found.rest, known))
    if dates is Dates.COVER:
        days, cover = cut_at(found.rest, known.cover)
        start, until = completed(*span_of(days, known.up_to), known)
        return replace(reading, cover=cover, when=(start, until) if until else (start,))
    by_name = 1 if found.rest.startswith(_REFERENCE) else named(found, context)
    rest = " ".join(found.rest.split()[by_name:])
    if dates is Dates.BEHIND_NAME:
        return replace(reading, when=(rest,))
    found_in = stretches_of(rest, known)
    when = (found_in.start, found_in.until) if found_in.until else (found_in.start,)
    return replace(reading, when=when if found_in.start else (), every=found_in.every)


def _control(text: str, vocabulary: Vocabulary) -> str:
    """The control that the whole text is, politeness aside."""
    if len(text) > 60:
        return ""
    said = key(text)
    return vocabulary.controls.get(said) or vocabulary.controls.get(_blunt(said, vocabulary), "")


def _blunt(said: str, vocabulary: Vocabulary) -> str:
    words = said.split()
    while taken := starts(words, vocabulary.polite):
        words = words[taken:]
    while taken := ends(words, vocabulary.polite):
        words = words[:-taken]
    return " ".join(words)


def _change(text: str, waiting: Waiting | None, context: CommandContext) -> str | None:
    """What "change ..." is to change, a number as digits; None when the text is something else.

    Among free words only a number or the id of a question counts; otherwise a few words do.
    """
    head, _, rest = text.partition(" ")
    if len(text) > 100 or key(head) not in context.vocabulary.changes or not rest.strip():
        return None
    rest = _changed(rest, context.vocabulary)
    if rest.isdecimal():
        return rest
    if waiting is None:
        return None
    if context.prose:
        return rest if key(rest) in map(key, waiting.asked) else None
    return rest if len(rest.split()) <= _CHANGE_WORDS else None


def _changed(rest: str, vocabulary: Vocabulary) -> str:
    """What is to be changed: the digits of a number, or the words as they stand."""
    words = [word for word in words_of(rest) if word not in vocabulary.numbering]
    number = number_of(words[0]) if len(words) == 1 else None
    return rest.strip(" :,.!") if number is None else str(number)


# -- slash commands --------------------------------------------------------------------------------------------------


def _slashed(text: str, context: CommandContext) -> Reading | None:
    """A typed text that begins with a slash and a word that is known; None for any other."""
    called = _called(text.removeprefix("/"), context)
    known = called.control or called.verb in context.vocabulary.verbs.values()
    return replace(called, text=text) if known else None


def _called(text: str, context: CommandContext) -> Reading:
    """A slash command without its slash."""
    head, rest = (*text.split(maxsplit=1), "", "")[:2]
    head = head.partition("@")[0]
    text = f"{head} {rest}".strip()
    known = context.vocabulary
    found = next(candidates(text, known), None)
    control = known.controls.get(key(text)) or ("" if found else known.controls.get(key(head), ""))
    if control == "change" or (found is None and key(head) in known.changes):
        return Reading(text=text, control="change", rest=_changed(rest, known))
    if control or not text:
        verb = found.verb if found else ""
        return Reading(text=text, control=control or "help", verb=verb if text else "help")
    return _commanded(text, found or Found(verb=head.lower(), rest=rest), context)
