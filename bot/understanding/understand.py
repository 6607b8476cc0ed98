"""Understanding a text once: every sense that it may have, the fields of a form too, with the dates that they name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.messages.incoming import CommandSent, Content, FormSubmitted, TextEdited, TextSent
from bot.messages.readings import DateKind, DateReading, Reading, Trouble
from bot.model.facts import Facts
from bot.rendering.nil_words import is_nil
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.understanding.clean import clean
from bot.understanding.commands import Commands
from bot.understanding.crisis import crisis_reading, in_danger
from bot.understanding.dates.worker import DateWorker
from bot.understanding.promises import deeds_of, parted
from bot.understanding.reading import (
    Waiting,
    lines_in,
    read_call,
    read_text,
    wants_dates,
    wants_deeds,
    written_down,
)
from bot.understanding.vocabulary import vocabulary_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """What somebody wrote may mean; `fields` are those of a form, each read as an answer and as nothing else."""

    reading: Reading
    fields: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Where something was written: what it waits for, who wrote, in which language, and when (UTC).

    `wordings` are those of every language, in each of which danger is heard; `spoken` are the commands that there are.
    For so long as it `waited` at its platform it was written before `now`: "tomorrow" counts from then.
    """

    waiting: Waiting | None
    facts: Facts
    wording: Wording
    wordings: Iterable[Wording]
    spoken: Commands
    now: datetime
    waited: timedelta = timedelta(0)


async def understand(content: Content, heard: Heard, dates: DateWorker) -> Understood:
    """What was written may mean, outside any transaction: dates may take a moment, in a process of their own."""
    if any(in_danger(text, heard.wordings) for text in _written(content)):
        return Understood(reading=crisis_reading())
    if isinstance(content, FormSubmitted):
        return Understood(reading=Reading(text=""), fields=await _fields(content, heard, dates))
    reading = _read(content, heard)
    deeds = wants_deeds(reading, heard.waiting, heard.spoken)
    if isinstance(content, TextEdited):
        answer = _what_follows(reading, heard)
        deeds = () if reading.literal or reading.trouble else lines_in(answer.text)
        reading = answer
    dated = await _dated(reading, wants_dates(reading, heard.waiting, heard.spoken), heard, dates)
    return Understood(reading=await _with_deeds(dated, deeds, heard, dates))


def _read(content: Content, heard: Heard) -> Reading:
    facts, wording, spoken = heard.facts, heard.wording, heard.spoken
    match content:
        case CommandSent(verb=verb, rest=rest):
            return read_call(verb, rest, waiting=heard.waiting, facts=facts, wording=wording, spoken=spoken)
        case TextSent(text=text):
            return read_text(text, waiting=heard.waiting, facts=facts, wording=wording, spoken=spoken)
        case TextEdited(text=text):
            return read_text(text, waiting=None, facts=facts, wording=wording, spoken=spoken)
    return Reading(text="")


def _what_follows(reading: Reading, heard: Heard) -> Reading:
    """A command that was edited gave an answer with the words behind it; everything else is an answer as it stands."""
    if reading.trouble is not None:
        return Reading(text=reading.text, trouble=reading.trouble, literal=True)
    words = reading.rest if reading.verb == "commit" and reading.rest else reading.text
    return replace(_answer(words, heard), habit=reading.habit)


def _answer(text: str, heard: Heard) -> Reading:
    return written_down(text, facts=heard.facts, wording=heard.wording, spoken=heard.spoken)


async def _fields(content: FormSubmitted, heard: Heard, dates: DateWorker) -> dict[str, Reading]:
    read: dict[str, Reading] = {}
    for name, text in content.values.items():
        cleaned = clean(text)
        if not isinstance(cleaned, Trouble):
            answer = _answer(cleaned, heard)
            read[name] = await _dated(answer, (answer.text,), heard, dates)
        elif cleaned is not Trouble.EMPTY:
            read[name] = Reading(text="", trouble=cleaned)
    return read


async def _dated(reading: Reading, texts: tuple[str, ...], heard: Heard, dates: DateWorker) -> Reading:
    person = heard.facts.person
    then = heard.facts.now if person.id else heard.now  # somebody who tries things out lives ahead of the clock
    written = then - heard.waited
    found = [await dates.read(text, now=written, zone=person.zone, locale=person.locale) for text in texts]
    if heard.waited:
        found = [_seen_from(local_day(then, person.zone), each) for each in found]
    return replace(reading, dates=tuple(found))


def _seen_from(today: date, found: DateReading) -> DateReading:
    """A day that was still to come when it was named may have passed."""
    passed = found.kind is DateKind.FUTURE and found.day is not None and found.day < today
    return replace(found, kind=DateKind.PAST, at=None, stretch=None) if passed else found


async def _with_deeds(reading: Reading, wanted: tuple[str, ...], heard: Heard, dates: DateWorker) -> Reading:
    """What is promised in it, each with its own day."""
    lines = tuple(line for line in wanted if not is_nil(line, heard.wording))
    vocabulary = vocabulary_of(heard.wording)
    parts = tuple(part for line in lines for part in parted(line, vocabulary))
    dated = reading if parts == lines and len(reading.dates) == len(lines) else None
    found = dated or await _dated(reading, parts, heard, dates)
    return replace(reading, deeds=deeds_of(parts, found.dates, vocabulary)) if parts else reading


def _written(content: Content) -> tuple[str, ...]:
    """Whatever somebody wrote in their own words."""
    match content:
        case TextSent(text=text) | TextEdited(text=text):
            return (text,)
        case CommandSent(verb=verb, rest=rest):
            return (f"{verb} {rest}",)
        case FormSubmitted(values=values):
            return tuple(values.values())
    return ()
