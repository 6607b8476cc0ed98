"""Commands about when the bot writes, and from where: pause, resume, stop, start, travel, settings, callme."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.coaching.closing_parts import call_afterwards, is_over
from bot.coaching.cover import call
from bot.coaching.places import city_of, zone_of
from bot.coaching.roles import is_client
from bot.coaching.validators import NAME, not_past
from bot.coaching.visibility import is_active, own_engagement
from bot.facts import Facts
from bot.messages import DateKind, Reading
from bot.phrases import Late, Phrase, phrase
from bot.records import CallWanted, Paused, Restored, Resumed, Stopped, Travelled
from bot.replies import Given, Opening, Reply
from bot.shortening import shortened

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
    """A rest, up to and including the day named, or until `resume`."""
    day, wrong = day_ahead(reading, facts)
    if wrong is not None:
        return Reply(says=(wrong,))
    if day is None and reading.rest.strip():
        return Reply(says=(phrase("pause_unread"),))
    records = (Paused(first=facts.today, last=day),)
    if day is None:
        return Reply(says=(phrase("paused_open"),), records=records, rests=True)
    held = sum(1 for c in facts.open_commitments if c.due and facts.today <= c.due <= day)
    said = [phrase("paused_until", day=day)] + ([phrase("paused_holds", count=held)] if held else [])
    return Reply(says=tuple(said), records=records, rests=True)


def resume(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The rest, the quiet or the stop is over; without a consent that holds, the welcome comes first."""
    over = is_over(facts)
    if over is not None:
        return Reply(says=(over,))
    own = own_engagement(facts)
    if own is not None and PROGRAMME not in own.consents and own.visible == "none":
        return Reply(opens=Opening(dialogue="welcome"))
    key = "resumed_now" if _resting(facts) else "resumed_already"
    return Reply(says=(phrase(key), phrase("next_prompt", at=Late("next_prompt"))), records=(Resumed(), Restored()))


def stop(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The end of all prompts; nothing is deleted by it."""
    return Reply(says=(phrase("stopped"),), records=(Stopped(),), rests=True)


def _resting(facts: Facts) -> bool:
    now_paused = any(p.first <= facts.today and (p.last is None or facts.today <= p.last) for p in facts.pauses)
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


# -- the rest --------------------------------------------------------------------------------------------------------


def callme(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Ask the coach for a word; the coach, or whoever covers, hears of it at once, and only that."""
    engagement = own_engagement(facts)
    if engagement is None or not is_active(engagement):
        return call_afterwards(facts) or Reply(says=(phrase("not_started"),))
    says, tells = call(facts, engagement)
    return Reply(says=says, records=(CallWanted(engagement=engagement.id),), tells=tells)


def settings(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everything that was chosen can be chosen anew; who is both says `settings coach` for the practice."""
    practice = facts.person.coach and (not is_client(facts) or reading.means(reading.rest) == "coach")
    if not (practice or is_client(facts)):
        return Reply(says=(phrase("no_role"),))
    return Reply(opens=Opening(dialogue="coach-settings" if practice else "settings"))
