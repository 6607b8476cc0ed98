"""Sessions can be off altogether for a client: nothing is asked around them, and `session` says how to turn them on."""

from bot.coaching.digest.signal_kinds import NotEnough
from tests.support.plans import plan
from tests.support.town import Town
from tests.test_digest_signals_plan import aimed, found, held
from tests.test_sessions import THURSDAY_EVENING, agenda, both, heard


async def test_while_sessions_are_off_nothing_is_asked_around_them_and_no_brief_comes(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    assert {name for name, _ in await agenda(ana)} == {"before-session", "after-session", "practice-echo"}
    await dana.says("session ana off")
    dana.reads("Off: nothing is asked around sessions with Ana")
    ana.reads("Dana has turned sessions off here")
    assert (await agenda(ana), await agenda(dana)) == ([], [])
    await ana.says("pause until tomorrow")
    await ana.says("resume")
    assert await agenda(ana) == []
    await town.until(THURSDAY_EVENING)
    assert not heard(dana, "Brief: Ana")
    assert not heard(ana, "session worthwhile")


async def test_session_tells_either_side_that_they_are_off_and_how_to_turn_them_on(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    move = next(choice for message in reversed(dana.read) for choice in message.choices)
    await dana.says("session ana off")
    for line in ("session ana", "session ana Friday 10:00", "session ana off", "session ana cancel"):
        await dana.says(line)
        dana.reads('Sessions with Ana are off. "session Ana on" turns them on.')
    await dana.says("session")
    dana.reads('Off with: Ana. "session NAME on" turns them on.')
    await ana.says("session")
    ana.reads("Sessions are off here", "Dana can turn them on")
    await dana.says(move.value)
    assert not heard(dana, "When instead of")
    await dana.says("/program ana")
    dana.reads("Around sessions: nothing, they are off.")
    await dana.says("/brief ana")
    dana.reads("Brief: Ana, as of today", "Sessions are off here")
    assert [session.state for session in (await plan(ana)).sessions] == ["planned"]


async def test_turned_on_again_what_is_booked_is_asked_about_as_before(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    before = await agenda(ana), await agenda(dana)
    await dana.says("session ana off")
    await dana.taps("Turn sessions on", on=dana.last)
    dana.reads("On again: Ana is asked before and after sessions")
    ana.reads("Dana has turned sessions on here")
    assert (await agenda(ana), await agenda(dana)) == before
    await dana.says("session ana on")
    dana.reads("on already")


async def test_the_setting_outlives_every_change_of_the_programme(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana off")
    for answer in ("/program change", "Another template", "Twelve months", "All and new ones"):
        await dana.says(answer)
    assert (await plan(ana)).sessions_off
    await dana.says("session ana")
    dana.reads("are off")


async def test_it_is_of_one_client_alone(town: Town) -> None:
    ana, dana = await both(town)
    await town.client("bob")
    await dana.says("session ana off")
    await dana.says("session bob Thursday 15:00")
    dana.reads("Booked with Bob")
    await ana.says("session bob on")
    assert (await plan(ana)).sessions_off


def test_no_gap_between_sessions_is_signalled_while_they_are_off() -> None:
    view = aimed(sessions=(held(60),))
    assert not isinstance(found("session_gap", view), NotEnough)
    off = aimed(sessions=(held(60),), sessions_off=True)
    assert found("session_gap", off) == NotEnough(kind="session_gap", have=0, need=1)
