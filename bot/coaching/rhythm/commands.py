"""Commands about when the bot writes, and from where: pause, resume, stop, start, travel."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.lines import after_closing
from bot.coaching.shared.places import city_of, zone_of
from bot.coaching.shared.validators import NAME, not_past
from bot.coaching.visibility.table import own_engagement
from bot.messages.readings import DateKind, DateReading, Reading
from bot.model.facts import Facts
from bot.model.people.preferences import Pause
from bot.model.phrases import Late, Phrase, phrase
from bot.model.records import Paused, Restored, Resumed, Stopped, Travelled
from bot.model.replies import Given, Opening, Reply
from bot.model.roles import Who
from bot.rendering.shortening import shortened
from bot.understanding.commands import Content, Dates, alone, code, journey, when

_FIRST, _BEFORE, _LAST = 1, 2, 3  # the places in `Reading.when` of a pause
_MISREAD = {DateKind.PAST: "misread_date_past", DateKind.RECURRING: "misread_date_recurring"}
_A_DAY, _A_WEEK, _A_YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=365)
_LONGEST_BEGUN = timedelta(days=120)  # of a rest that is taken to have begun in the year that is over
PROGRAMME = "programme"  # the consent without which nothing is asked


def day_ahead(reading: Reading, facts: Facts) -> tuple[date | None, Phrase | None]:
    """The day that a text names, or what is wrong with it; neither when it names none."""
    found = next((d for d in reading.dates if d.kind is not DateKind.NONE), None)
    if found is None:
        return None, None
    if found.kind is not DateKind.FUTURE or found.day is None:
        past = found.kind is DateKind.PAST
        return None, phrase("misread_date_past" if past else "misread_date_recurring")
    return found.day, not_past(found.day.isoformat(), Given(facts=facts))


# -- rest and return -------------------------------------------------------------------------------------------------


def pause(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A rest over the days named, the first and the last included, or from the first on until `resume`."""
    rest = _rest(reading, facts)
    if not isinstance(rest, Pause):
        return Reply(says=(rest,))
    first, last, today = rest.first, rest.last, facts.today
    if first == today and last is None:
        says = [phrase("paused_open")]
    else:
        says = [phrase("paused" if first == today else "paused_later", days=_days(rest, today))]
    held = sum(1 for c in facts.open_commitments if last and c.due and first <= c.due <= last)
    says += [phrase("paused_holds", count=held)] if held else []
    others = (p for p in facts.pauses if not (p.over(today) or p.meets(rest)))
    says += [phrase("paused_also", days=_days(other, today)) for other in others]
    return Reply(says=tuple(says), records=(Paused(first=first, last=last),), rests=first == today)


def _rest(reading: Reading, facts: Facts) -> Pause | Phrase:
    """The days of the rest, or what is wrong with them; a rest under way that reaches into it begins it."""
    if not "".join(reading.when):
        return Pause(first=facts.today)
    wrong = _misread(reading)
    if wrong is not None:
        return wrong
    first, last = _ends(reading, facts.today)
    if last is not None and last < first:
        first, last = _turned(first, last, reading.dates[_LAST], facts.today)
    if last is not None and last < first:
        return phrase("pause_backwards")
    far = not_past((last or first).isoformat(), Given(facts=facts))
    if far is not None:
        return far
    reaches = any(p.covers(facts.today) and p.covers(first) for p in facts.pauses)
    return Pause(first=facts.today if reaches else first, last=last)


def _misread(reading: Reading) -> Phrase | None:
    """What is wrong with the first of the named days that cannot be taken.

    An end makes up for a beginning that is past, and other days for words in which none is found ("for a holiday").
    """
    kinds = [found.kind if words else None for words, found in zip(reading.when, reading.dates, strict=True)]
    if kinds[0] is DateKind.NONE and any(kinds[1:]):
        kinds[0] = None
    if kinds[_FIRST] is DateKind.PAST and DateKind.FUTURE in kinds[_BEFORE:]:
        kinds[_FIRST] = None
    wrong = next((kind for kind in kinds if kind not in (None, DateKind.FUTURE)), None)
    return phrase(_MISREAD.get(wrong, "pause_unread")) if wrong else None


def _ends(reading: Reading, today: date) -> tuple[date, date | None]:
    """The first and the last day that the words name, as they stand."""
    lasting, first, before, last = (found if found.day else None for found in reading.dates)
    begins = max(today, _edges(first)[0]) if first else today
    if last:
        return begins, _edges(last)[1]
    if before:
        return begins, _edges(before)[0] - _A_DAY
    if lasting:
        start, end = _edges(lasting)
        return (begins, begins + (end - start)) if first else (start, end)
    return begins, None


def _edges(found: DateReading) -> tuple[date, date]:
    """The first and the last of the days that words name, most often the same."""
    return found.stretch or (found.day or date.min, found.day or date.min)


def _turned(first: date, last: date, ends: DateReading, today: date) -> tuple[date, date]:
    """The same words where their year or week has turned: a rest that has begun already, "Thursday to Tuesday"."""
    begun = first - _A_YEAR
    if begun <= today <= last and last - begun <= _LONGEST_BEGUN:
        return today, last
    named = not any(letter.isdecimal() for letter in ends.phrase)
    return first, last + _A_WEEK if named and today < last and first - last < _A_WEEK else last


def _days(rest: Pause, today: date) -> Phrase:
    """The days of a rest as both of its ends are said."""
    first, last = rest.first, rest.last
    if last is None:
        return phrase("rest_from", first=first)
    if first == last:
        return phrase("rest_today") if first == today else phrase("rest_on", day=first)
    return phrase("rest_until", last=last) if first == today else phrase("rest_between", first=first, last=last)


def resume(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The rest, the quiet or the stop is over; without a consent that holds, the welcome comes first.

    A rest that is yet to begin stays; where nothing else rests, it is the one that is called off.
    """
    over = after_closing(facts)
    if over is not None:
        return Reply(says=(over,))
    own = own_engagement(facts)
    if own is not None and PROGRAMME not in own.consents and own.visible == "none":
        return Reply(opens=Opening(dialogue="welcome"))
    resting = _resting(facts)
    ahead = [_days(p, facts.today) for p in facts.pauses if p.first > facts.today]
    kept = [phrase("resumed_ahead" if resting else "resumed_called_off", days=days) for days in ahead]
    says = [phrase("resumed_now")] if resting else [] if kept else [phrase("resumed_already")]
    says += [*kept, phrase("next_prompt", at=Late("next_prompt"))]
    return Reply(says=tuple(says), records=(Resumed(ahead=not resting and bool(ahead)), Restored()), wakes=True)


def start(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Whoever presses Start once more is greeted; after a rest or a stop, or without a yes, it begins again."""
    again = resume(reading, facts, now)
    if phrase("resumed_already") not in again.says:
        return again
    greeting = phrase("greeted", name=facts.person.name)
    return replace(again, says=tuple(greeting if said == phrase("resumed_already") else said for said in again.says))


def stop(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The end of all prompts; nothing is deleted by it, and no word said afterwards answers what was open."""
    return Reply(says=(phrase("stopped"),), records=(Stopped(),), lays_aside=True, rests=True)


def _resting(facts: Facts) -> bool:
    now_paused = any(pause.covers(facts.today) for pause in facts.pauses)
    return now_paused or facts.wishes.stopped or facts.wishes.held is not None or facts.wishes.slowdown != "normal"


# -- place -----------------------------------------------------------------------------------------------------------


def travel(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Another city's clock up to and including a day, then home again by itself; `travel home` ends it."""
    if reading.means(reading.rest) == "home":
        home = facts.person.home
        said = phrase("travel_home", city=city_of(home), time=now.astimezone(ZoneInfo(home)).time())
        return Reply(says=(said,), records=(Travelled(zone="", until=None),))
    city = _city(reading)
    if not city:
        return Reply(says=(phrase("travel_how"),))
    zone = zone_of(city[:NAME])
    if zone is None:
        return Reply(says=(phrase("wrong_city", city=shortened(city, NAME)),))
    day, wrong = day_ahead(reading, facts)
    if day is None or wrong is not None:
        return Reply(says=(wrong or phrase("travel_until_when", city=city),))
    there = now.astimezone(ZoneInfo(zone))
    said = phrase("travelling", city=city_of(zone), day=day, time=there.time(), home=city_of(facts.person.home))
    return Reply(says=(said,), records=(Travelled(zone=zone, until=day),))


def _city(reading: Reading) -> str:
    place = reading.place
    for found in reading.dates:
        place = place.replace(" ".join(found.phrase.split()), " ") if found.phrase else place
    return place.strip(" ,.;")


COMMANDS: tuple[Command, ...] = (
    Command(
        verb="pause",
        who=Who.CLIENT,
        run=pause,
        shape=when,
        in_free_text=when,
        dates=Dates.PAUSE,
        shown=Shown.FIRST,
    ),
    Command(verb="resume", who=Who.CLIENT, run=resume, shape=when),
    Command(
        verb="travel",
        who=Who.CLIENT,
        run=travel,
        in_free_text=journey,
        dates=Dates.REST,
        content=Content.PLACE,
    ),
    Command(verb="start", who=Who.CLIENT, run=start, shape=code, in_free_text=code),
    Command(verb="stop", who=Who.CLIENT, run=stop, shape=alone),
)
