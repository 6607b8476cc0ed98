"""A rest as a client asks for it: which days it has in plain words, what is said back, and when it begins and ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.features import SPOKEN
from bot.model.commitments.values import Commitment
from bot.model.people.preferences import Pause
from bot.model.records import Paused, Restored, Resumed
from bot.model.replies import Reply
from bot.rendering.wording import load_wording
from bot.understanding.dates.read import read_date
from bot.understanding.reading import read_call, wants_dates
from tests.support.facts import ANA, BERLIN, LATE, VERBS, commitment, facts
from tests.support.town import Town

FRIDAY, MONDAY = date(2026, 12, 4), date(2026, 12, 7)


def asked(
    line: str, *due: Commitment, today: date = FRIDAY, locale: str = "en-GB", pauses: tuple[Pause, ...] = ()
) -> Reply:
    """What a client is answered at ten in the morning, their words understood as they really are."""
    now = datetime.combine(today, time(9), UTC)
    here = replace(facts(*due, person=replace(ANA, locale=locale), pauses=pauses), today=today, now=now)
    verb, _, rest = line.partition(" ")
    read = read_call(verb, rest, waiting=None, facts=here, wording=load_wording()[locale[:2]], spoken=SPOKEN)
    dates = [read_date(text, now=now, zone=BERLIN, locale=locale) for text in wants_dates(read, None, SPOKEN)]
    return VERBS[read.verb](replace(read, dates=tuple(dates)), here, now)


def heard(reply: Reply, language: str = "en") -> str:
    """What the person reads."""
    wording = load_wording()[language].localised({"en": "en-GB", "de": "de-DE"}[language]).on(FRIDAY).knowing(LATE)
    return "\n".join(wording.render(each) for each in reply.says)


def december(first: int, last: int) -> Paused:
    return Paused(first=date(2026, 12, first), last=date(2026, 12, last))


def rest(first: int, last: int) -> Pause:
    return Pause(first=date(2026, 12, first), last=date(2026, 12, last))


def test_a_pause_lasts_until_resume() -> None:
    reply = asked("pause")
    assert (reply.records, reply.rests) == ((Paused(first=FRIDAY),), True)
    assert '"resume"' in heard(reply)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("pause from 14 december until 18 december", december(14, 18)),
        ("pause from 14 to 18 December", december(14, 18)),
        ("pause 14-18 december", december(14, 18)),
        ("pause dec 14 to 18", december(14, 18)),
        ("pause from the 14th of december until the 18th of december", december(14, 18)),
        ("pause 2026-12-14 to 2026-12-18", december(14, 18)),
        ("pause mon-fri", december(7, 11)),
        ("pause from Monday until Friday", december(7, 11)),
        ("pause from Monday", Paused(first=MONDAY)),
        ("pause starting Monday", Paused(first=MONDAY)),
        ("pause from next week", Paused(first=MONDAY)),
        ("pause from now on", Paused(first=FRIDAY)),
        ("pause until Monday", december(4, 6)),
        ("pause till 18 December", december(4, 17)),
        ("pause until tomorrow", december(4, 4)),
        ("pause until next week", december(4, 6)),
        ("pause until January", december(4, 31)),
        ("pause until the end of December", december(4, 31)),
        ("pause until and including Monday", december(4, 7)),
        ("pause through Friday", december(4, 11)),
        ("pause next week", december(7, 13)),
        ("pause this week", december(4, 6)),
        ("pause the weekend", december(5, 6)),
        ("pause tomorrow", december(5, 5)),
        ("pause 24 December", december(24, 24)),
        ("pause for two weeks", december(4, 17)),
        ("pause for two weeks from Monday", december(7, 20)),
        ("pause from Monday for two weeks", december(7, 20)),
        ("pause tomorrow until Tuesday", december(5, 8)),
        ("pause from yesterday until Friday", december(4, 11)),
        ("pause from 1 to 9 December", december(4, 9)),
        ("pause 21 dec to 3 jan", Paused(first=date(2026, 12, 21), last=date(2027, 1, 3))),
        ("pause from Thursday to Tuesday", december(10, 15)),
        ("pause for holiday from 14 to 18 December", december(14, 18)),
    ],
)
def test_a_rest_has_a_beginning_and_an_end_and_both_belong_to_it(line: str, rest: Paused) -> None:
    assert asked(line).records == (rest,)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("pause vom 14. bis 18. Dezember", december(14, 18)),
        ("pause 14.-18.12.", december(14, 18)),
        ("pause von Montag bis Freitag", december(7, 11)),
        ("pause ab Montag", Paused(first=MONDAY)),
        ("pause ab sofort", Paused(first=FRIDAY)),
        ("pause bis Montag", december(4, 6)),
        ("pause bis einschließlich Montag", december(4, 7)),
        ("pause nächste Woche", december(7, 13)),
        ("pause für zwei Wochen", december(4, 17)),
        ("pause ab Montag für zwei Wochen", december(7, 20)),
        ("pause morgen", december(5, 5)),
        ("pause vom 21. Dezember bis 3. Januar", Paused(first=date(2026, 12, 21), last=date(2027, 1, 3))),
    ],
)
def test_a_rest_in_german(line: str, rest: Paused) -> None:
    assert asked(line, locale="de-DE").records == (rest,)


def test_a_rest_that_has_begun_before_the_year_turned_goes_on_from_today() -> None:
    between = date(2026, 12, 30)
    assert asked("pause 21 dec to 3 jan", today=between).records == (Paused(first=between, last=date(2027, 1, 3)),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pause until Monday", "I'll rest from today up to and including Sun 6 Dec."),
        ("pause tomorrow", "I'll rest on Sat 5 Dec. Until then everything goes on."),
        ("pause from Monday", 'I\'ll rest from Mon 7 Dec until you write "resume". Until then everything goes on.'),
        (
            "pause 21 dec to 3 jan",
            "I'll rest from Mon 21 Dec up to and including Sun, 3 Jan 2027. Until then everything goes on.",
        ),
        ("pause until tomorrow", "I'll rest today."),
    ],
)
def test_both_days_of_a_rest_are_said_back(line: str, said: str) -> None:
    assert heard(asked(line)) == said


def test_both_days_are_said_back_in_german() -> None:
    reply = asked("pause vom 14. bis 18. Dezember", locale="de-DE")
    assert heard(reply, "de").startswith(
        "Ich ruhe von Mo., 14. Dezember bis einschließlich Fr., 18. Dezember. Bis dahin"
    )


def test_only_a_rest_that_begins_today_leaves_the_open_question() -> None:
    assert asked("pause until Monday").rests
    assert not asked("pause from Monday").rests


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pause from 18 to 14 December", "That rest would be over before it begins, so nothing changed."),
        ("pause until today", "That rest would be over before it begins, so nothing changed."),
        ("pause until yesterday", "That day is over"),
        ("pause from yesterday", "That day is over"),
        ("pause for a bit", "I couldn't read which days"),
        ("pause until I am back", "I couldn't read which days"),
        ("pause from 14", "I couldn't read which days"),
        ("pause every Monday", "That comes again and again"),
    ],
)
def test_days_that_cannot_be_taken_pause_nothing(line: str, words: str) -> None:
    assert asked(line).records == ()
    assert words in heard(asked(line))


def test_what_falls_due_in_a_rest_is_held_from_its_first_day_to_its_last() -> None:
    due = [commitment(n, due=date(2026, 12, day)) for n, day in enumerate((11, 14, 18, 21), 1)]
    assert "2 commitments fall due in that time" in heard(asked("pause from 14 to 18 December", *due))
    assert "fall" not in heard(asked("pause until Monday", *due))


# -- several rests ---------------------------------------------------------------------------------------------------


def test_a_rest_that_is_ahead_stays_and_is_named() -> None:
    said = heard(asked("pause until Monday", pauses=(rest(21, 31), rest(1, 2))))
    assert said.endswith("\nThe rest from Mon 21 Dec up to and including Thu 31 Dec stays.")
    assert said.count("stays") == 1


def test_one_that_reaches_into_a_rest_under_way_goes_on_from_today() -> None:
    assert asked("pause until 18 December", pauses=(rest(1, 10),)).records == (december(4, 17),)
    assert asked("pause from 9 to 18 December", pauses=(rest(1, 10),)).records == (december(4, 18),)


def test_resume_leaves_a_rest_that_is_ahead_and_calls_it_off_at_the_second_time() -> None:
    first = asked("resume", pauses=(rest(1, 10), rest(21, 31)))
    assert first.records == (Resumed(), Restored())
    assert "The rest from Mon 21 Dec up to and including Thu 31 Dec stays" in heard(first)
    second = asked("resume", pauses=(rest(1, 3), rest(21, 31)))
    assert second.records == (Resumed(ahead=True), Restored())
    assert heard(second).startswith("Called off: the rest from Mon 21 Dec up to and including Thu 31 Dec.")


# -- in a town: Monday 23 November 2026 --------------------------------------------------------------------------------


async def test_until_a_rest_begins_everything_goes_on(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("pause from 30 November until 6 December")
    ana.reads("from Mon 30 Nov up to and including Sun 6 Dec")
    await town.until(at(27, 9))
    ana.reads("The week's check-in")
    await ana.says("cancel")
    seen = len(ana.read)
    dana = town.people["dana"]
    await dana.says("/clients")
    assert "paused" not in dana.last.text
    await town.until(at(30, 12))
    await dana.says("/clients")
    dana.reads("quiet by choice (paused) until Sun 6 Dec")
    await town.until(at(30, 9) + timedelta(days=6))
    assert len(ana.read) == seen
    await town.until(at(30, 9) + timedelta(days=11))
    assert len(ana.read) > seen


async def test_a_rest_ahead_is_kept_beside_one_that_is_under_way(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("pause 21 dec to 3 jan")
    await ana.says("pause until Monday")
    ana.reads("from today up to and including Sun 29 Nov", "The rest from Mon 21 Dec up to")
    await ana.says("resume")
    ana.reads("Good to have you back.", "stays")
    await ana.says("resume")
    ana.reads("Called off")
    await ana.says("resume")
    ana.reads("You were not pausing")


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)
