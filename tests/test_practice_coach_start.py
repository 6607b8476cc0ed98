"""A new coach: five questions, an invitation within minutes, and a word on who joined."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.coaching.practice.outcomes import coach_setup
from bot.model.records import CoachWished
from bot.model.replies import Given
from storage.people import invites, people
from storage.tables.people import InviteRow, table_of
from tests.support.facts import facts
from tests.support.town import Person, Town, town_on


def digest_at(connection: Any, person: str) -> datetime | None:
    known = people.person(connection, person)
    return known.digest_at if known else None


async def next_digest(town: Town, coach: Person) -> datetime | None:
    place = await coach.place()
    found: datetime | None = await town.app.database.read(partial(digest_at, person=place.person))
    return found


async def test_five_questions_and_an_invitation_within_five_minutes(everywhere: Town) -> None:
    town = everywhere
    began = town.clock()
    dana = await town.coach(setup=True)
    dana.reads("Welcome, Dana.", "Which name shall your clients read for you?")
    await dana.says("Dana Sample")
    await dana.says("New York")
    await dana.taps("Friday 16:00")
    await dana.taps("Six months")
    await dana.says("Samaritans, 116 123")
    await dana.taps("Yes")
    dana.reads('Ready. "invite NAME"', "Friday at 16:00")
    assert await next_digest(town, dana) == datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    await dana.says("/invite Mia")
    dana.reads("Mia first reads:", "Hello Mia. I'm Throughline, software Dana Sample uses between sessions.")
    dana.reads("The code for Mia")
    assert town.clock() - began < timedelta(minutes=5)
    assert not await dana.open_prompts()


async def test_an_invitation_does_not_wait_for_the_five_questions(town: Town) -> None:
    dana = await town.coach(setup=True)
    await dana.says("/invite Mia")
    dana.reads("The code for Mia", "Back to: Your practice.")
    for _ in range(5):
        await dana.says("skip")
    dana.reads("Monday at 08:00")
    assert await next_digest(town, dana) == datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


async def test_any_day_and_hour_can_be_chosen_for_the_digest(town: Town) -> None:
    dana = await town.coach(setup=True)
    await dana.says("skip")
    await dana.says("skip")
    await dana.taps("Another time")
    await dana.taps("Sunday")
    await dana.says("21:30")
    await dana.taps("Three months")
    await dana.says("skip")
    dana.reads("Sunday at 21:30")
    assert await next_digest(town, dana) == datetime(2026, 11, 29, 20, 30, tzinfo=UTC)


async def test_settings_change_it_and_the_next_digest_moves_with_it(town: Town) -> None:
    dana = await town.coach()
    assert await next_digest(town, dana) == datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
    await dana.says("/settings")
    dana.reads("Monday at 08:00", "Helpline: the local emergency number only")
    await dana.taps("Day and hour of the digest")
    await dana.taps("Wednesday")
    await dana.says("7:15")
    assert await next_digest(town, dana) == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)
    await dana.says("/settings")
    await dana.taps("City")
    await dana.says("Tokyo")
    assert await next_digest(town, dana) == datetime(2026, 11, 24, 22, 15, tzinfo=UTC)
    await dana.says("/settings")
    dana.reads("Wednesday at 07:15, Tokyo time")
    await dana.taps("Helpline")
    await dana.says("988")
    await dana.taps("Yes")
    await dana.says("/settings")
    dana.reads("Helpline: 988")
    await dana.taps("Helpline")
    await dana.taps("Emergency number only")
    await dana.says("/settings")
    dana.reads("Helpline: the local emergency number only")


@pytest.mark.parametrize(("line", "named"), [("988", "988"), ("none", ""), ("lol what", None), (None, None)])
def test_a_set_up_begun_before_helplines_were_confirmed_ends_well(line: str | None, named: str | None) -> None:
    ended = coach_setup(Given(facts=facts(), values={"digest": "4 16:00", "pointers": line}))
    assert ended == (CoachWished(weekday=4, at=time(16), pointers=named),)


async def test_the_digest_keeps_to_the_coachs_wall_clock_when_clocks_change(town: Town) -> None:
    dana = await town.coach("kim", "America/New_York")
    await town.until(datetime(2027, 3, 8, 13, 1, tzinfo=UTC))
    assert await next_digest(town, dana) == datetime(2027, 3, 15, 12, 0, tzinfo=UTC)  # eight o'clock, an hour earlier


async def test_who_is_coach_and_client_finds_both_settings(town: Town) -> None:
    both = await town.client("kim")
    await both.says(f"join {await town.code('coach', None, 'Kim', 'Europe/Berlin')}")
    await both.says("cancel")
    await both.says("/settings")
    both.reads("You hear from me")
    await both.says("cancel")
    await both.says("/settings coach")
    both.reads("Your digest comes on")


# -- codes -----------------------------------------------------------------------------------------------------------


async def test_an_invitation_that_was_taken_back_does_not_work(everywhere: Town) -> None:
    town = everywhere
    dana = await town.coach()
    await dana.says("/invite Mia")
    code = next(word for word in dana.last.text.replace('"', " ").split() if len(word) == 32)
    await dana.says("/invite")
    dana.reads("Open:", "Mia, until")
    await dana.says("/invite cancel mia")
    dana.reads("is taken back")
    mia = town.meet("mia")
    await mia.says(f"join {code}")
    mia.reads("I don't know that code.")


async def test_another_coach_cannot_take_it_back(town: Town) -> None:
    dana, kim = await town.coach(), await town.coach("kim")
    await dana.says("/invite Mia")
    await kim.says("/invite cancel Mia")
    kim.reads("Which one?", "No invitation is open.")
    rows = await town.app.database.read(lambda c: c.execute(select(table_of(InviteRow).c.used_at)).all())
    assert [row.used_at for row in rows].count(None) == 1


async def test_a_code_has_128_bits_and_only_its_hash_is_kept(town: Town) -> None:
    code = await town.code("client", None, "Mia", "Europe/Berlin")
    assert len(code) == 32
    assert int(code, 16) < 2**128
    rows = await town.app.database.read(lambda c: c.execute(select(table_of(InviteRow))).all())
    assert code not in repr(rows)
    assert rows[0].code_hash == invites.hash_of(code)


async def test_five_wrong_codes_and_a_pause_of_ten_minutes(everywhere: Town) -> None:
    town = everywhere
    await town.coach()
    dana = await town.people["dana"].place()
    good = await town.code("client", dana.person, "Mia", "Europe/Berlin")
    mia, bob = town.meet("mia"), town.meet("bob")
    for n in range(5):
        await mia.says(f"join {n:032x}")
        mia.reads("I don't know that code.")
    await mia.says(f"join {good}")
    mia.reads("Too many codes")
    await bob.says(f"join {9:032x}")
    bob.reads("I don't know that code.")
    town.clock.now += timedelta(minutes=9)
    await mia.says(f"join {good}")
    mia.reads("Too many codes")
    town.clock.now += timedelta(minutes=1)
    await mia.says(f"join {good}")
    mia.reads("Hello Mia.")


# -- who joined ------------------------------------------------------------------------------------------------------


async def test_the_coach_says_who_joined_and_hears_nothing_before(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", confirmed="no")
    dana = town.people["dana"]
    dana.reads("has joined as your client Ana: is this right?")
    asked = dana.last
    await ana.says("/commit Hand over the Q2 plan by Wednesday")
    await ana.says("8")
    await ana.says("skip")
    await dana.says("/clients")
    dana.reads("Ana: joined; waits for you to confirm who it is")
    await dana.says("/digest")
    dana.reads("Waiting on you: confirm Ana")
    assert not any("Q2" in message.text or "set things up" in message.text for message in dana.read)
    await dana.taps("Yes", on=asked)
    dana.reads("Ana is your client. What you see: commitments, ratings and shared answers.")
    await dana.says("/client ana")
    dana.reads("Hand over the Q2 plan")


async def test_somebody_else_who_joined_is_let_go_and_nothing_was_shown(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", confirmed="no")
    dana = town.people["dana"]
    await dana.taps("No", on=dana.last)
    dana.reads("that is not Ana")
    ana.reads("this invitation was meant for somebody else")
    await dana.says("/clients")
    dana.reads("You have no clients here just now.")
    count = len(ana.read)
    await town.passes(days=21)
    assert len(ana.read) == count
    await ana.says("/commit Call Kim by Friday")
    ana.reads("There is no running engagement")


@pytest.mark.parametrize(
    "wish",
    ["session ana thursday 10:00", "note ana seems tired", "brief ana", "pictures ana", "report ana", "goals ana"],
)
async def test_whatever_a_coach_wants_of_a_client_who_joined_is_first_who_that_is(town: Town, wish: str) -> None:
    await town.client("ana", confirmed="no")
    dana = town.people["dana"]
    await dana.says(wish)
    dana.reads("Is it Ana who joined?")
    await dana.taps("Yes", on=dana.last)
    dana.reads("Ana is your client.")
    await dana.says(wish)
    assert "Is it Ana" not in dana.last.text


async def test_what_is_confirmed_or_refused_once_stays_so(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    asked = next(m for m in dana.read if any(c.value.startswith("/confirm") for c in m.choices))
    await dana.taps("No", on=asked)
    dana.reads("That is settled already: Ana.")
    await dana.says("/client ana")
    dana.reads("Ana:")


async def test_a_coach_without_clients_is_not_written_to_every_week(town: Town) -> None:
    dana = await town.coach()
    count = len(dana.read)
    await town.passes(days=21)
    assert dana.read[count:] == []
    await dana.says("/digest")
    dana.reads("You have no clients here just now.")


async def test_nothing_is_promised_that_is_not_there(
    sqlite_fresh: str,
) -> None:
    """No gap is left in a hint, no button named where there is none, no list of names where nobody has one."""
    async with town_on(sqlite_fresh).open() as town:
        dana = await town.coach(setup=True)
        await dana.says("help")
        dana.reads('"skip" keeps Dana.')
        await dana.says("x" * 300)
        await dana.says("x" * 300)
        assert not dana.last.choices
        dana.reads('Or write "skip".')
        assert "Tap one of these" not in dana.last.text
        await dana.says("cancel")
        for line in ("close", "close ana", "adjust", "review", "reopen ana", "reconnect", "digest", "client ana"):
            await dana.says(f"/{line}")
            dana.reads("You have no clients here just now.", '"invite NAME"')
