"""Everything that can be said with a slash, by whom, with what behind it, and what each is answered: plain lines."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Any

from bot.app import functions
from bot.coaching.shared.client_ref import ref_of
from bot.features import SPOKEN
from bot.messages.readings import DateReading, Reading
from bot.model.facts import Facts, Person
from bot.model.people.client_view import ClientView
from bot.model.people.engagements import Cover
from bot.model.phrases import Phrase
from bot.model.plan import Goal, Plan, Session
from bot.model.replies import Notification, Opening, Reply
from bot.understanding.dates.read import read_date
from bot.understanding.promises import deeds_of, parted
from bot.understanding.reading import read_call, wants_dates, wants_deeds
from bot.understanding.vocabulary import vocabulary_of
from tests.support.facts import ANA, BERLIN, NOW, TODAY, WORDING, coach_facts, commitment, engagement, facts, view

KIM = Person(id="kim", name="Kim", zone=BERLIN, home=BERLIN, locale="en-GB")
COMMANDS = functions().commands
HEADING = (
    "# verb | who says it | what stands behind it (those that are answered alike on one line) | what is answered\n"
    "# Written by GOLDEN=accept python -m pytest tests/test_conversation_command_table.py\n"
)
_WHO = ("client", "name", "names", "who", "command", "verb", "coach", "goal")  # what in a phrase says who is meant
_READ = cache(partial(read_date, now=NOW, zone=BERLIN, locale="en-GB"))


# -- who ---------------------------------------------------------------------------------------------------------------


def planned(name: str, **changes: Any) -> ClientView:
    """A client with a sponsor, a goal and a session on Monday."""
    of = f"e:{name}"
    goal = Goal(id=f"g:{name}", number=1, engagement=of, text=f"Goal of {name}", made=TODAY, state="active")
    session = Session(id=f"s:{name}", engagement=of, at=NOW + timedelta(days=5))
    return view(name, plan=Plan(contracted=True, goals=(goal,), sessions=(session,)), connected=True, **changes)


def coaching(*practice: ClientView, **changes: Any) -> Facts:
    """Carla's facts, with the plans of her clients."""
    plans = {found.engagement.id: found.plan for found in practice}
    return coach_facts(*practice, plans=plans, colleagues=(("lee", "Lee Wu"),), **changes)


def covered(name: str) -> ClientView:
    """A client of Dana, for whom Carla reads this week."""
    found = planned(name)
    cover = Cover(absence="a1", coach="carla", name="Carla", first=TODAY, last=date(2026, 3, 8), agreed=True)
    own = replace(found.engagement, coach="dana", coach_name="Dana", cover=cover)
    return replace(found, engagement=own, covered=True)


def persons() -> Mapping[str, Facts]:
    """Whoever may say a command."""
    names = ("Ana", "Ana María Ruiz", "Anatol Weiß", "Jörg Müller", "Tom")
    own = tuple(planned(name) for name in names)
    unsure = (planned("Ana"), planned("Tom", confirmed=False))
    seen = tuple(covered(name) for name in ("Ana", "Anatol Weiß"))
    as_client = engagement(id="e9", coach="dana", coach_name="Dana", client="carla", client_name="Carla")
    both = coaching(planned("Ana"), planned("Tom"))
    return {
        "nobody": Facts(today=TODAY, now=NOW, person=KIM),
        "client": facts(commitment(1, "Write the plan"), person=ANA),
        "no clients": coaching(),
        "coach": coaching(*own),
        "unconfirmed": coaching(*unsure),
        "covering": coaching(covering=tuple(found.engagement for found in seen), covered=seen),
        "covers too": coaching(*unsure[:1], covering=(seen[1].engagement,), covered=seen[1:]),
        "both": replace(both, engagements=(*both.engagements, as_client)),
    }


TEXTS = (
    "",
    "Ana",
    "ana maria ruiz",
    "ana maria",
    "anat",
    "an",
    "Anatil",
    "Weiss",
    "jorg",
    "Mueller",
    "Tom",
    "tomm",
    "Zoe",
    "Zoe 15:00",
    "Ana buys milk",
    "Ana: buys milk",
    "Tom: buys milk",
    "Ana Ruiz buys milk",
    "Ana Maria Thursday 15:00",
    "Tom Thursday 15:00",
    "Ana Thursday 15:00",
    "Ana Mar Thursday 15:00",
    "Ana Tom buys milk",
    "Ana Tom buys milk and bread and butter and everything else that a kitchen needs",
    "anat buys milk",
    f"{ref_of('e:Ana')} Thursday 15:00",
    "Ana 1",
    "Ana on 30 March",
    "Ana undo",
    "Ana levels",
    "Tom no",
    "Ana to closing",
    "Ana to Lee Wu",
    "Ana link",
    "Ana --share so clear",
    "Ana off",
    f"{ref_of('e:Ana')}",
    f"{ref_of('e:Tom')} no",
    "~00000000",
    "2",
    "1 buys milk",
    "Thursday 15:00",
    "change",
    "new Learn to wait",
    "done",
    "the quick brown fox",
)


# -- what is answered --------------------------------------------------------------------------------------------------


def table() -> str:
    """One line for each command, person and answer, with all the texts that are answered so."""
    return HEADING + "".join(f"{line}\n" for verb in sorted(COMMANDS) for line in _of(verb))


def _of(verb: str) -> Iterator[str]:
    for name, known in persons().items():
        alike: dict[str, list[str]] = {}
        for text in TEXTS:
            alike.setdefault(answer(verb, text, known), []).append(f"'{text}'" if text else "-")
        most = max(alike, key=lambda said: len(alike[said]))
        for said, texts in alike.items():
            others = said == most and len(texts) > len(TEXTS) // 2
            yield f"{verb} | {name} | {'else' if others else ' '.join(texts)} | {said}"


def answer(verb: str, text: str, known: Facts) -> str:
    """What one command is answered with, on one line; ALL for the whole text, said again."""
    found = "; ".join(_parts(COMMANDS[verb](heard(verb, text, known), known, NOW))) or "nothing"
    for said_again in ("text=", "unknown(name="):
        found = found.replace(said_again + text, f"{said_again}ALL") if text else found
    return found


def heard(verb: str, text: str, known: Facts) -> Reading:
    """A slash command as it is understood with nothing open, its days read."""
    reading = read_call(verb, text, waiting=None, facts=known, wording=WORDING, spoken=SPOKEN)
    reading = replace(reading, verb=verb)
    days: tuple[DateReading, ...] = tuple(_READ(stretch) for stretch in wants_dates(reading, None, SPOKEN))
    lines, vocabulary = wants_deeds(reading, None, SPOKEN), vocabulary_of(WORDING)
    parts = [part for line in lines for part in parted(line, vocabulary)]
    return replace(reading, dates=days, deeds=deeds_of(parts, [_READ(part) for part in parts], vocabulary))


def _parts(reply: Reply) -> Iterator[str]:
    yield from (said(each) for each in reply.says)
    if reply.opens is not None:
        yield f"opens {_opened(reply.opens)}"
    yield from (f"writes {_record(record)}" for record in reply.records)
    yield from (_told(told) for told in reply.tells)
    if reply.buttons:
        yield "buttons " + " ".join(f"[{command}]" for command, _ in reply.buttons)
    yield from (f"file {file.name}" for file in reply.files)


def said(what: Phrase) -> str:
    """A phrase by its key, and by the names in it; of many lines the first two."""
    if what.key == "in_lines":
        lines = what.params["lines"]
        return " / ".join([*map(said, lines[:2]), *([f"+{len(lines) - 2}"] if len(lines) > 2 else [])])
    names = [f"{name}={what.params[name]}" for name in _WHO if isinstance(what.params.get(name), str)]
    inside = [said(each) for each in what.params.get("lines", ()) if isinstance(each, Phrase)]
    return f"{what.key}({', '.join([*names, *inside])})" if names or inside else what.key


def _opened(opening: Opening) -> str:
    known = " ".join(f"{name}={value}" for name, (value, _) in opening.known.items())
    return " ".join(part for part in (opening.dialogue, opening.engagement, *opening.items, known) if part)


def _record(record: Any) -> str:
    return " ".join((type(record).__name__, *_whose(record)))


def _whose(record: Any) -> Iterator[str]:
    """Whose engagement, which person, and when."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            yield from (part for each in value for part in _whose(each))
        elif field.name in ("engagement", "client", "person", "heir", "text", "day") and value:
            yield f"{field.name}={value}"
        elif isinstance(value, datetime):
            yield f"{field.name}={value.astimezone(UTC):%d %b %H:%M}"


def _told(told: Notification) -> str:
    return f"tells {told.person} {said(told.phrase)}"
