"""Ten weeks in the life of one client, lived in many ways, and each line that their coach reads of it.

Nothing is told that is not so, and what is so is told: with its numbers, three weeks running at most.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.beginnings import played_once
from tests.support.town import Person, Town, town_on

FRIDAY = datetime(2026, 11, 27, 8, 1, tzinfo=UTC)  # a minute after the first check-in
MONDAY = datetime(2026, 11, 30, 7, 1, tzinfo=UTC)  # a minute after the first digest
WEEK = timedelta(weeks=1)
WEEKS = 10

Life = Callable[[Person, int], Awaitable[None]]


@played_once
async def coached(town: Town) -> tuple[Person, Person]:
    """Ana, in the middle of her coaching and asked on Fridays at nine; and Dana."""
    ana = await town.client("ana")
    dana = town.people["dana"]
    await town.check_ins_only()
    await dana.says("phase ana to coaching")
    return ana, dana


async def passes_over(ana: Person, *, scale: str = "skip") -> None:
    """Whatever else is asked is left out; numbers are given where they are wanted."""
    for _ in range(8):
        if not await ana.open_prompts():
            return
        await ana.says(scale if ana.asked.kind == "scale" else "skip")


async def promises(ana: Person, what: str, day: datetime, *, sure: str = "8") -> None:
    await ana.says(f"/commit {what} by {day.strftime('%-d %B')}")
    await ana.says(sure)
    await passes_over(ana)


def next_friday(week: int) -> datetime:
    return FRIDAY + WEEK * week


async def read_of(dana: Person, life: Life, ana: Person) -> list[tuple[str, ...]]:
    """Of each week: what its digest says below its first words, and behind LOOK what a look at her flags."""
    town, found = ana.town, []
    for week in range(WEEKS):
        await town.until(FRIDAY + WEEK * week)
        read = len(dana.read)
        await life(ana, week)
        await town.until(MONDAY + WEEK * week)
        (sent,) = [m.text.splitlines() for m in dana.read[read:] if m.text.startswith("Week of")]
        await dana.says("client ana")
        flags = [LOOK + line for line in dana.last.text.splitlines() if line[:1] in "!~"]
        found.append((sent[0].partition("one client, ")[2], *sent[1:-1], *flags))
    return found


# -- ten lives, and one more -----------------------------------------------------------------------------------------


async def does_all(ana: Person, week: int) -> None:
    if week:
        await ana.taps("Done")
    await passes_over(ana)
    await promises(ana, f"Do part {week}", next_friday(week + 1))


async def does_none(ana: Person, week: int) -> None:
    if not week:
        await passes_over(ana)
        await promises(ana, "Do it at last", next_friday(1))
        return
    await ana.taps("Not yet")
    for _ in range(12):
        if not await ana.open_prompts():
            return
        if "A new day" in [c.label for c in ana.asked.choices]:
            await ana.taps("A new day")
        else:
            await ana.says(next_friday(week + 1).strftime("%-d %B") if ana.asked.kind == "date" else "skip")


async def is_silent(ana: Person, week: int) -> None:
    return None


async def keeps_all_private(ana: Person, week: int) -> None:
    await ana.says("private 8")
    await passes_over(ana)
    await promises(ana, f"private: look for another job, part {week}", next_friday(week + 1))


async def lets_go_of_all(ana: Person, week: int) -> None:
    """Two a week, neither of which is done."""
    for _ in range(2 if week else 0):
        await ana.taps("Let it go")
    await passes_over(ana)
    for name in ("one", "the other"):
        await promises(ana, f"Do {name} of week {week}", next_friday(week + 1))


async def rests_four_weeks(ana: Person, week: int) -> None:
    """Away from the fourth Friday on, with one commitment that falls due meanwhile; back on the eighth, and done."""
    if week < 4 or week == 9:
        await does_all(ana, week)
    if week == 3:
        await ana.says("pause until 15 January")
    if week == 7:
        await passes_over(ana)
        await ana.says(f"/log {(await ana.commitments())[-1].number} done")
    if week == 8:
        await passes_over(ana)
        await promises(ana, "Do part 8", next_friday(9))


async def fortnightly(ana: Person, week: int) -> None:
    if not week:
        await ana.says("/settings")
        await ana.taps("How often")
        await ana.taps("Every two weeks")
        await passes_over(ana)
        await promises(ana, "Do part 0", next_friday(2))
    elif await ana.open_prompts():
        await ana.taps("Done")
        await passes_over(ana)
        await promises(ana, f"Do part {week}", next_friday(week + 2))


async def minimal(ana: Person, week: int) -> None:
    if not week:
        await ana.says("/settings")
        await ana.taps("How often")
        await ana.taps("As little as possible")
        await passes_over(ana)


async def moves_each_once(ana: Person, week: int) -> None:
    if not week:
        await passes_over(ana)
        await promises(ana, "Do part 0", next_friday(1))
    elif week % 2:
        await does_none(ana, week)
    else:
        await does_all(ana, week)


async def does_it_late(ana: Person, week: int) -> None:
    """Each commitment is due on a Saturday, and done on the Friday after the digest that could not tell of it."""
    await passes_over(ana)
    if week:
        await ana.says(f"/log {(await ana.commitments())[-1].number} done")
    await promises(ana, f"Do part {week}", FRIDAY + WEEK * week + timedelta(days=1))


async def stops(ana: Person, week: int) -> None:
    if week < 3:
        await does_all(ana, week)
    elif week == 3:
        await ana.says("stop")


# -- what is read of each --------------------------------------------------------------------------------------------

CALM, FLAGGED = "Nobody needs you", "One needs you"
ANSWERED, NOT, NOBODY = "1 asked: 1 answered", "1 asked: 1 not", "nobody asked"
NONE, WON, LATE = "Wins: none on record this week", "Wins: Ana 1 of 1 done", "Wins: late: Ana 1"
LOOK = "client: "


def calm(asked: str, *lines: str) -> tuple[str, ...]:
    return (f"{asked}. {CALM}", *(lines or (NONE,)))


def flagged(asked: str, mark: str, *reasons: str, wins: str = NONE) -> tuple[str, ...]:
    """A week with reasons to look, each of which a look shows, too."""
    bare = [LOOK + mark + " " + reason.removeprefix("still ") for reason in reasons]
    return (f"{asked}. {FLAGGED}", f"{mark} Ana: {'; '.join(reasons)}", wins, *bare)


def told_before(asked: str, mark: str, *reasons: str) -> tuple[str, ...]:
    """A week in which a signal still stands that three digests have told."""
    return (*calm(asked), *(f"{LOOK}{mark} {reason}" for reason in reasons))


def moved(times: int) -> str:
    return f'"Do it at last" moved {times} times'


def nothing_open(days: int) -> str:
    return f"nothing open for {days} days"


def quiet(prompts: int) -> str:
    return f"quiet: {prompts} prompts unanswered (no reply yet)"


def slipped(count: int) -> str:
    return f"{count} of {count} due items not done"


def after_a_slip(part: int) -> str:
    return f'Wins: Ana done after a slip: "Do part {part}", Ana 1 of 1 done'


REST = "Ana rests until Thu 14 Jan"
REST_FROM_AFAR = "Ana rests until Thu, 14 Jan 2027"  # seen from the year before
TABLE: dict[str, tuple[Life, list[tuple[str, ...]]]] = {
    "does ten of ten": (does_all, [calm(ANSWERED), *[calm(ANSWERED, WON)] * 9]),
    "does none": (
        does_none,
        [
            *[calm(ANSWERED)] * 3,
            flagged(ANSWERED, "~", moved(3)),
            flagged(ANSWERED, "~", f"still {moved(4)}"),
            flagged(ANSWERED, "!", moved(5)),
            flagged(ANSWERED, "!", f"still {moved(6)}"),
            flagged(ANSWERED, "!", f"still {moved(7)}"),
            told_before(ANSWERED, "!", moved(8)),
            told_before(ANSWERED, "!", moved(9)),
        ],
    ),
    "lets go of all": (
        lets_go_of_all,
        [
            *[calm(ANSWERED)] * 2,
            flagged(ANSWERED, "!", slipped(4)),
            *[flagged(ANSWERED, "!", f"still {slipped(6)}")] * 2,
            *[told_before(ANSWERED, "!", slipped(6))] * 5,
        ],
    ),
    "is silent": (
        is_silent,
        [
            calm(NOT),
            flagged(NOT, "~", nothing_open(14)),
            flagged(NOT, "~", f"still {nothing_open(21)}"),
            flagged(NOBODY, "~", quiet(3), f"still {nothing_open(28)}"),
            (*flagged(NOT, "~", f"still {quiet(3)}"), f"{LOOK}~ {nothing_open(35)}"),
            (*flagged(NOT, "!", quiet(5)), f"{LOOK}~ {nothing_open(42)}"),
            (*flagged(NOBODY, "!", f"still {quiet(5)}"), f"{LOOK}~ {nothing_open(49)}"),
            calm(NOT, NONE, "Ana: I have stopped asking; over to you"),
            *[calm(NOBODY)] * 2,
        ],
    ),
    "keeps all private": (
        keeps_all_private,
        [
            calm(ANSWERED),
            flagged(ANSWERED, "~", nothing_open(14)),
            flagged(ANSWERED, "~", f"still {nothing_open(21)}"),
            flagged(ANSWERED, "~", f"still {nothing_open(28)}"),
            *[told_before(ANSWERED, "~", nothing_open(days)) for days in range(35, 71, 7)],
        ],
    ),
    "rests four weeks": (
        rests_four_weeks,
        [
            calm(ANSWERED),
            *[calm(ANSWERED, WON)] * 2,
            calm(ANSWERED, WON, REST_FROM_AFAR),
            calm(NOBODY, NONE, REST_FROM_AFAR),
            *[calm(NOBODY, NONE, REST)] * 2,
            calm(ANSWERED, WON),
            calm(ANSWERED),
            calm(ANSWERED, WON),
        ],
    ),
    "is asked every two weeks": (fortnightly, [calm(ANSWERED), *[calm(NOBODY), calm(ANSWERED, WON)] * 4, calm(NOBODY)]),
    "is asked as little as possible, and silent": (
        minimal,
        [
            calm(ANSWERED),
            *[calm(NOT)] * 3,
            calm(NOBODY),
            *[calm(NOT)] * 2,
            calm(NOBODY),
            calm(NOT, NONE, "Ana: I have stopped asking; over to you"),
            calm(NOBODY),
        ],
    ),
    "moves each once": (
        moves_each_once,
        [calm(ANSWERED), *(calm(ANSWERED, *([] if week % 2 else [after_a_slip(week - 2)])) for week in range(1, 10))],
    ),
    "does it late": (does_it_late, [calm(ANSWERED), *[calm(ANSWERED, LATE)] * 9]),
    "stops": (
        stops,
        [
            calm(ANSWERED),
            *[calm(ANSWERED, WON)] * 2,
            calm(NOT, NONE, "Ana stopped by choice on Fri 18 Dec"),
            *[calm(NOBODY)] * 6,
        ],
    ),
}


@pytest.mark.patient
@pytest.mark.parametrize("life", TABLE)
async def test_ten_weeks_are_told_as_they_were_lived(sqlite_fresh: str, life: str) -> None:
    lived, expected = TABLE[life]
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await coached(town)
        found = await read_of(dana, lived, ana)
    for week, (read, wanted) in enumerate(zip(found, expected, strict=True), 1):
        assert read == wanted, f"week {week}"
