import asyncio
import csv
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages.readings import DateKind, DateReading
from bot.understanding.dates.read import by_rules, read_date
from bot.understanding.dates.worker import DateWorker
from tests.support.laws import examples

ROOT = Path(__file__).resolve().parent.parent
NEW_YORK = ZoneInfo("America/New_York")
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)
TABLE = list(csv.DictReader((ROOT / "tests/data/dates.csv").read_text(encoding="utf8").splitlines()))
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def read(text: str, local: datetime = WEDNESDAY, zone: str = "America/New_York", locale: str = "en-US") -> DateReading:
    return read_date(text, now=local.astimezone(UTC), zone=zone, locale=locale)


def said(reading: DateReading, zone: ZoneInfo = NEW_YORK) -> str:
    if reading.at:
        return reading.at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return str(reading.day or "")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['phrase']}-{row['locale']}-{row['now']}")
def test_the_table_of_phrases_is_read_right(row: dict[str, str]) -> None:
    local = datetime.fromisoformat(row["now"]).replace(tzinfo=NEW_YORK)
    reading = read(row["phrase"], local, locale=row["locale"])
    assert reading.kind == row["kind"]
    assert said(reading) in {row["expected"], *row["alt"].split("|")} - ({""} if row["expected"] else set())
    assert reading.phrase in row["phrase"]
    assert bool(reading.phrase) == (reading.kind != DateKind.NONE)


@pytest.mark.parametrize("today", range(7))
@pytest.mark.parametrize("weekday", range(7))
def test_every_weekday_on_every_weekday(today: int, weekday: int) -> None:
    local = datetime(2026, 11, 23 + today, 10, tzinfo=NEW_YORK)
    monday, name = date(2026, 11, 23), WEEKDAYS[weekday]
    coming = local.date() + timedelta(days=(weekday - today - 1) % 7 + 1)
    assert read(name, local).day == read(f"by {name}", local).day == coming
    assert read(f"this {name}", local).day == (local.date() if today == weekday else coming)
    assert read(f"next {name}", local).day == monday + timedelta(days=7 + weekday)
    assert read(f"{name} next week", local).day == monday + timedelta(days=7 + weekday)
    assert read(f"sent it on {name}", local).day == coming - timedelta(days=7)
    assert read(f"last {name}", local).day == local.date() - timedelta(days=(today - weekday - 1) % 7 + 1)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Hand over the Q2 plan by Friday", "by Friday"),
        ("Agree the hand-over by Friday", "by Friday"),
        ("moving it to the 15th, sorry", "to the 15th"),
        ("call Sam tomorrow 5pm and then rest", "tomorrow 5pm"),
        ("write it up, by noon tomorrow!", "by noon tomorrow"),
        ("send it on Friday, December 4, 2026 please", "on Friday, December 4, 2026"),
        ("walk every Monday with Jo", "every Monday"),
        ("x" * 5000 + " by Friday", "by Friday"),
        ("by Friday " + "x" * 5000, "by Friday"),
    ],
)
def test_the_phrase_is_cut_exactly(text: str, phrase: str) -> None:
    assert read(text).phrase == phrase


def test_days_are_those_of_the_persons_own_zone_around_midnight() -> None:
    auckland = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)  # 00:30 on the 26th there
    assert read("today", auckland, "Pacific/Auckland").day == date(2026, 11, 26)
    assert read("by Thursday", auckland, "Pacific/Auckland").day == date(2026, 12, 3)
    assert read("26 Nov", auckland, "Pacific/Auckland").day == date(2026, 11, 26)
    angeles = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)  # 23:30 on the 25th there
    assert read("today", angeles, "America/Los_Angeles").day == date(2026, 11, 25)
    assert read("in an hour", angeles, "America/Los_Angeles") == DateReading(
        kind=DateKind.FUTURE,
        day=date(2026, 11, 26),
        at=datetime(2026, 11, 26, 8, 30, tzinfo=UTC),
        phrase="in an hour",
    )
    assert read("at 5pm", angeles, "America/Los_Angeles").at == datetime(2026, 11, 27, 1, tzinfo=UTC)


def test_a_clock_in_the_gap_moves_on_and_in_the_overlap_is_the_one_still_ahead() -> None:
    spring = datetime(2027, 3, 12, 10, tzinfo=NEW_YORK)
    assert read("Sunday 2:30am", spring).at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    autumn = datetime(2026, 10, 31, 10, tzinfo=NEW_YORK)
    assert read("tomorrow 1:30am", autumn).at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    between = datetime(2026, 11, 1, 5, 45, tzinfo=UTC)
    assert read("at 1:30am", between).at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert read("in an hour", between).at == datetime(2026, 11, 1, 6, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("3/12", "en-US", date(2027, 3, 12)),
        ("3/12", "en-GB", date(2026, 12, 3)),
        ("3/12/26", "en-US", None),
        ("3/12/26", "en-GB", date(2026, 12, 3)),
        ("2/30", "en-US", None),
        ("29 Feb", "en-GB", date(2028, 2, 29)),
        ("domani", "it-IT", date(2026, 11, 26)),
        ("vrijdag", "nl-NL", date(2026, 11, 27)),
        ("klaar!", "nl-NL", None),
        ("morgen", "xx", None),
    ],
)
def test_calendar_dates_and_other_languages_go_by_the_locale(text: str, locale: str, day: date | None) -> None:
    reading = read(text, locale=locale)
    assert (reading.day if reading.kind == DateKind.FUTURE else None) == day


def test_only_a_short_phrase_in_another_language_goes_to_dateparser() -> None:
    def rules(text: str) -> DateReading | None:
        return by_rules(text, now=WEDNESDAY, zone="UTC", locale="it-IT")

    assert rules("domani") is None
    assert rules("domani " + "x" * 57) is None
    assert rules("domani " + "x" * 58) == DateReading(kind=DateKind.NONE)


def test_a_day_that_dateparser_makes_up_is_no_date() -> None:
    before = datetime(2029, 6, 1, tzinfo=UTC)  # it reads 2/30 as 2 November 2030
    assert read("2/30", before).kind == read("30/2", before, locale="en-GB").kind == DateKind.NONE


def test_a_feast_that_moves_is_found() -> None:
    easters = {2027: (3, 28), 2028: (4, 16)}
    for year, (month, day) in easters.items():
        assert read("by Easter", datetime(year, 1, 10, tzinfo=UTC)).day == date(year, month, day)
    assert read("before Thanksgiving", datetime(2028, 11, 1, tzinfo=UTC)).day == date(2028, 11, 23)


HOSTILE = {
    "letters": "a" * 100_000,
    "figures": "1 " * 50_000,
    "slashes": "1/" * 50_000,
    "weekdays": "friday " * 14_000,
    "relations": "a week from " * 8_000,
    "nul": "\0" * 100_000,
    "surrogates": "by \ud800Friday " * 8_000,
    "marks": "\u202eby Friday\u202c\u200b " * 7_000,
    "accents": "e\u0301" * 50_000,
    "prepositions": "by " * 33_000,
    "dots": "3." * 50_000,
    "spaces": "by" + " " * 100_000 + "Friday",
    "links": "https://a.b/12/4 www." * 5_000,
    "number": "in " + "9" * 100_000 + " weeks",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_no_time(name: str) -> None:
    by_rules("by Friday", now=WEDNESDAY, zone="UTC")
    start = time.process_time()
    reading = by_rules(HOSTILE[name], now=WEDNESDAY, zone="UTC")
    assert time.process_time() - start < 0.25
    assert reading is not None
    assert reading.phrase in HOSTILE[name]


VOCABULARY = (
    "by on the next last this Friday sat Mon may March December 3 15th 2nd 12/4 7/10 2026 4.12.2026 5pm at 17:30 noon "
    "in two a weeks days ago from now end of month quarter Q1 early mid week every sent will not EOD tomorrow today "
    "yesterday weekend Christmas 31 30 Feb 9999 years after , . - until day half hour morning"
)
SOUP = st.lists(st.sampled_from(VOCABULARY.split(" ")), max_size=9).map(" ".join)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
LOCALES = st.sampled_from(["en-US", "en-GB", "de-DE", "es-ES", "pt-BR", "fr-FR", "nl-NL"])
MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin"])


@pytest.mark.patient
@examples(400)
@given(text=SOUP | ANY_TEXT, now=MOMENTS, zone=ZONES, locale=LOCALES)
@example(text="in 9999 years", now=WEDNESDAY.astimezone(UTC), zone="UTC", locale="en-US")
@example(text="the 31st of next month", now=datetime(2027, 1, 5, tzinfo=UTC), zone="UTC", locale="en-US")
def test_any_text_gives_a_sound_reading(text: str, now: datetime, zone: str, locale: str) -> None:
    reading = read_date(text, now=now, zone=zone, locale=locale)
    today = now.astimezone(ZoneInfo(zone)).date()
    assert reading.phrase in text
    if reading.kind == DateKind.FUTURE:
        assert reading.day is not None
        assert today <= reading.day <= today + timedelta(days=740)
    elif reading.kind == DateKind.PAST:
        assert reading.day is not None
        assert reading.day <= today
        assert reading.at is None
    else:
        assert reading.day is None
    quick = by_rules(text, now=now, zone=zone, locale=locale)
    assert quick is None or quick == reading


@pytest.mark.patient
@examples(200)
@given(text=SOUP, now=MOMENTS)
def test_capitals_change_nothing(text: str, now: datetime) -> None:
    upper, lower = (read_date(one, now=now, zone="UTC") for one in (text.upper(), text.lower()))
    assert (upper.kind, upper.day, upper.at) == (lower.kind, lower.day, lower.at)
    assert upper.phrase.lower() == lower.phrase.lower()


@pytest.mark.opens
def test_the_import_and_the_rules_leave_dateparser_alone() -> None:
    code = (
        "import sys; from datetime import *; from bot.understanding.dates.read import by_rules\n"
        "by_rules('by Friday', now=datetime.now(UTC), zone='UTC'); sys.exit('dateparser' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# --- the worker -------------------------------------------------------------------------------------------------------


def stuck_in_february(text: str, *, now: datetime, zone: str, locale: str) -> DateReading:
    """Hangs inside C code that never lets go of the interpreter, as a runaway regular expression does."""
    if "February" in text:
        re.match(r"(a+)+$", "a" * 60 + "b")
    return read_date(text, now=now, zone=zone, locale=locale)


def breaks(text: str, *, now: datetime, zone: str, locale: str) -> DateReading:
    raise RuntimeError(text)


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))  # the child imports this module


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ends(pid: int, within: float) -> bool:
    patience = time.monotonic() + within
    while alive(pid) and time.monotonic() < patience:
        time.sleep(0.02)
    return not alive(pid)


async def ask(worker: DateWorker, text: str) -> DateReading:
    return await worker.read(text, now=WEDNESDAY.astimezone(UTC), zone="America/New_York", locale="en-US")


async def test_what_the_rules_know_needs_no_child() -> None:
    worker = DateWorker()
    assert (await ask(worker, "by Friday")).day == date(2026, 11, 27)
    assert (await ask(worker, "all done")).kind == DateKind.NONE
    assert worker.pid is None
    await worker.close()


async def test_a_calendar_date_is_read_by_one_child_that_stays_until_closed() -> None:
    worker = DateWorker()
    text = "send it by December 3 at 2pm \ud800"
    assert await ask(worker, text) == read(text)
    pid = worker.pid
    assert pid
    answers = await asyncio.gather(*(ask(worker, f"by December {day}") for day in range(1, 21)))
    assert [answer.day for answer in answers] == [date(2026, 12, day) for day in range(1, 21)]
    assert worker.pid == pid
    await worker.close()
    await worker.close()
    assert not alive(pid)
    assert (await ask(worker, "December 3")).kind == DateKind.NONE


async def test_a_stuck_child_is_killed_and_replaced(importable: None) -> None:
    worker = DateWorker(deadline=0.5, reader=stuck_in_february)
    assert (await ask(worker, "3 December")).day == date(2026, 12, 3)
    first = worker.pid
    start = time.monotonic()
    assert (await ask(worker, "3 February")).kind == DateKind.NONE
    assert time.monotonic() - start < 3
    assert first
    assert not alive(first)
    assert (await ask(worker, "4 December")).day == date(2026, 12, 4)
    assert worker.pid not in (None, first)
    await worker.close()


async def test_the_event_loop_runs_on_while_a_child_is_stuck(importable: None) -> None:
    worker = DateWorker(deadline=0.5, reader=stuck_in_february)
    await ask(worker, "3 December")
    reading = asyncio.create_task(ask(worker, "3 February"))
    laps = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        laps += 1
    assert laps > 10
    await worker.close()


async def test_a_cancelled_request_never_answers_the_next_one(importable: None) -> None:
    worker = DateWorker(deadline=6.0, reader=stuck_in_february)
    await ask(worker, "3 December")
    reading = asyncio.create_task(ask(worker, "3 February"))
    await asyncio.sleep(0.1)
    reading.cancel()
    start = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert time.monotonic() - start < 3
    assert (await ask(worker, "5 December")).day == date(2026, 12, 5)
    await worker.close()


async def test_a_child_killed_from_outside_is_replaced_without_a_lost_answer() -> None:
    worker = DateWorker()
    await ask(worker, "3 December")
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    assert (await ask(worker, "4 December")).day == date(2026, 12, 4)
    await worker.close()


async def test_a_child_that_always_breaks_or_never_starts_gives_none(importable: None) -> None:
    broken = DateWorker(reader=breaks)
    assert (await ask(broken, "3 December")).kind == DateKind.NONE
    assert broken.pid is None
    await broken.close()
    late = DateWorker(start_deadline=0.001)
    assert (await ask(late, "3 December")).kind == DateKind.NONE
    assert late.pid is None
    await late.close()


def test_a_reader_that_no_child_could_import_is_refused() -> None:
    def inner(text: str, *, now: datetime, zone: str, locale: str) -> DateReading:
        return read_date(text, now=now, zone=zone, locale=locale)

    readers: list[Callable[..., DateReading]] = [inner, lambda text: read(text)]
    for reader in readers:
        with pytest.raises(ValueError, match="top-level"):
            DateWorker(reader=reader)


PARENT = """
import asyncio, os, sys
from datetime import UTC, datetime
from bot.understanding.dates.worker import DateWorker
from tests.test_understanding_dates import stuck_in_february

async def main():
    worker = DateWorker(deadline=1.0, reader=stuck_in_february)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    await worker.read("3 December", now=now, zone="UTC", locale="en-US")
    print(worker.pid, "secret" in open(f"/proc/{worker.pid}/environ").read(), flush=True)
    if sys.argv[1] == "stuck":
        await worker.read("3 February", now=now, zone="UTC", locale="en-US")
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.opens
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
@pytest.mark.parametrize("state", ["idle", "stuck"])
def test_no_child_outlives_a_killed_parent_and_none_sees_its_secrets(state: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, state],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "ENCRYPTION_KEYS": "secret"},
    )
    with parent:
        assert parent.stdout
        pid, leaked = parent.stdout.readline().split()
        time.sleep(0.2)
        assert alive(int(pid))
        parent.kill()
        parent.wait()
        assert ends(int(pid), within=5)
        assert leaked == "False"
