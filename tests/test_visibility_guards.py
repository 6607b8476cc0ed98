"""The second line of defence: what would still keep something from somebody if what stands before it did not.

`make mutants` takes these guards out one by one; here is what then goes wrong.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.coaching.visibility.shown_plan import as_client
from bot.coaching.visibility.table import client_view
from bot.messages.incoming import ButtonPressed
from bot.model.people.preferences import NEVER, Preferences
from bot.model.plan import Goal, Level, Plan
from storage import audit
from storage.conversation import conversations
from storage.erasure import erase_person
from storage.outbox import consent_check
from storage.people import invites, people
from storage.tables.people import RunRow
from tests.support.facts import TODAY, engagement
from tests.support.town import Person, Town
from tests.test_conversation_chats import code_in
from tests.test_sponsor_report import WISH, asked, browser, contracted, link

pytestmark = pytest.mark.opens
WRONG = "0" * 32


# -- codes -----------------------------------------------------------------------------------------------------------


async def test_whoever_guesses_codes_is_stopped_and_then_not_even_a_good_one_is_looked_at(town: Town) -> None:
    good, stranger = await town.code("coach", None, "Dana", "UTC"), town.meet("stranger")
    for _ in range(5):
        await stranger.says(f"/join {WRONG}")
        stranger.reads("don't know")
    await stranger.says(f"/join {good}")
    assert "Welcome" not in stranger.last.text
    await town.passes(minutes=11)
    await stranger.says(f"/join {good}")
    stranger.reads("Welcome")


async def test_a_code_ends_when_it_was_said_to(town: Town) -> None:
    code, late = await town.code("coach", None, "Dana", "UTC"), town.meet("late")
    await town.passes(days=7, minutes=1)
    await late.says(f"/join {code}")
    late.reads("too old")
    assert await town.app.database.read(partial(people.who, address=town.seat.address("late"))) is None


async def test_a_coach_takes_back_no_invitation_of_another(town: Town) -> None:
    dana, kim = await town.coach("dana"), await town.coach("kim")
    await dana.says("/invite Bo")
    code, place = code_in(dana), await kim.place()
    of_bo = invites.hash_of(code)[:8]
    await town.app.database.transact(partial(invites.revoke, coach=place.person, ref=of_bo, now=town.clock()))
    bo = town.meet("bo")
    await bo.says(f"/join {code}")
    bo.reads("Hello Bo")


# -- a sponsor's link ------------------------------------------------------------------------------------------------


async def test_a_link_that_has_ended_shows_and_takes_nothing(town: Town) -> None:
    ana, dana = await contracted(town)
    path = await link(town, WISH)
    read = len(ana.read), len(dana.read)
    town.clock.now = town.clock.now.replace(year=town.clock.now.year + 1) + timedelta(days=1)
    async with browser(town) as guest:
        assert (await guest.get(path)).status_code == 404
        assert (await guest.post(path, data={"success": "numbata"})).status_code == 404
    await town.app.delivery.drain()
    assert not any("numbata" in message.text for message in (*ana.read[read[0] :], *dana.read[read[1] :]))


# -- the last look before something leaves ---------------------------------------------------------------------------


async def why_not(town: Town, person: Person) -> str:
    wanted = (await person.place()).person
    look = partial(consent_check.unwanted, wanted=[wanted], now=town.clock())
    return str((await town.app.database.read(look)).get(wanted, ""))


async def wishes_of(person: Person) -> Preferences:
    found = await person.town.app.database.read(partial(people.person, wanted=(await person.place()).person))
    assert found is not None
    return found.wishes


@pytest.mark.parametrize(("change", "why"), [({"stopped": True}, "stopped"), ({"since": NEVER}, "no consent")])
async def test_what_waits_is_looked_at_again_under_the_wishes_of_now(
    town: Town, change: dict[str, Any], why: str
) -> None:
    ana = await town.client("ana")
    assert await why_not(town, ana) == ""
    wishes = replace(await wishes_of(ana), **change)
    await town.app.database.transact(partial(people.set_wishes, wanted=(await ana.place()).person, wishes=wishes))
    assert await why_not(town, ana) == why


async def test_what_waits_in_a_pause_is_not_sent_until_it_is_over(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/pause from tomorrow until Thursday")
    assert await why_not(town, ana) == ""
    await town.passes(days=1)
    assert await why_not(town, ana) == "paused"
    await town.passes(days=4)
    assert await why_not(town, ana) == ""


# -- where somebody is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"visible": "none"}, {"confirmed": False}, {"state": "closed"}])
def test_of_who_shows_nothing_not_even_the_zone_is_known(changes: dict[str, Any]) -> None:
    found = client_view(engagement(coach_zone="Europe/Berlin", **changes), today=TODAY, zone="Pacific/Auckland")
    assert found.zone == "Europe/Berlin"
    assert "Auckland" not in repr(found)


@pytest.mark.parametrize("closed", [False, True])
def test_the_coachs_own_levels_are_the_clients_to_read_only_when_it_is_over(closed: bool) -> None:
    theirs = Level(value=2, ladder=1, day=TODAY, by="coach", final=True)
    own = Level(value=1, ladder=1, day=TODAY, by="client", final=True)
    goal = Goal(id="g1", engagement="e1", number=1, text="Delegate", made=TODAY, levels=(own, theirs))
    seen = as_client(Plan(goals=(goal,)), closed=closed).goals[0].levels
    assert seen == ((own, theirs) if closed else (own,))


async def test_an_approved_report_that_was_opened_is_gone_after_an_hour(town: Town) -> None:
    await asked(town)
    path = await link(town, "report", "numbata")
    async with browser(town) as guest:
        assert "numbata" in (await guest.post(path)).text
        assert "numbata" in (await guest.get(path)).text
        town.clock.now += timedelta(hours=1, seconds=1)
        assert "numbata" not in (await guest.get(path)).text


# -- who looked, and what is left of it ------------------------------------------------------------------------------


async def test_a_coachs_look_is_noted_with_their_own_confirmed_clients_alone(town: Town) -> None:
    ana, dee = await town.client("ana"), await town.client("dee", confirmed="no")
    cy = await town.client("cy", coach="kim")
    await town.people["kim"].says("/digest")
    for person in (ana, dee):
        await person.says("/accesslog")
        person.reads("Nobody has looked")
    await cy.says("/accesslog")
    cy.reads("Kim", "the digest")
    await town.people["dana"].says("/digest")
    await dee.says("/accesslog")
    dee.reads("Nobody has looked")


async def test_that_somebody_agreed_and_was_deleted_outlives_them_and_who_looked_does_not(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await dana.says("/client ana")
    person = (await ana.place()).person
    seen = {each.verb for each in await town.app.database.read(partial(audit.entries, subject=person))}
    assert {audit.LOOKED, audit.CONSENTED} <= seen
    await erase_person(town.app.database, person, now=town.clock(), actor=audit.OPERATOR, former="Former", vacuum=False)
    left = {each.verb for each in await town.app.database.read(partial(audit.entries, subject=person))}
    assert audit.LOOKED not in left
    assert {audit.CONSENTED, audit.ERASED} <= left


async def test_what_a_coach_is_in_the_middle_of_about_somebody_who_was_erased_is_over(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await dana.says("/agreement ana")
    assert await dana.open_prompts()
    person = (await ana.place()).person
    await erase_person(town.app.database, person, now=town.clock(), actor=audit.OPERATOR, former="Former", vacuum=False)
    dana_is = (await dana.place()).person
    _, runs = await town.app.database.read(partial(conversations.state, wanted=dana_is))
    assert runs == ()


# -- what belongs to somebody else -----------------------------------------------------------------------------------


async def test_a_closed_question_of_somebody_else_is_as_unknown_as_one_that_never_was(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben")
    await ana.says("/commit Call numbata by 18 December")
    closed = ana.asked
    await ana.says("7")
    read = len(ben.read)
    forged = await ben.does(ButtonPressed(token="there-never-was-one", value="9"))
    theirs = await ben.does(ButtonPressed(token=closed.token, value="9"))
    assert theirs == forged
    assert not any("numbata" in message.text for message in ben.read[read:])


async def test_an_answer_of_somebody_else_is_not_there_to_be_edited(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben")
    await ana.says("/commit Call Petra by 18 December")
    await ana.says("cancel")
    runs = await town.app.database.read(lambda c: c.execute(select(col(RunRow.id), col(RunRow.person))).all())
    owned = {(await person.place()).person: person.user for person in (ana, ben)}
    for run, person in runs:
        look = partial(conversations.past_of_answer, run=run, question="sure")
        for other in owned:
            found = await town.app.database.read(partial(look, person=other))
            assert (found is not None) <= (other == person)
    assert {owned[person] for _, person in runs if person in owned} == {"ana", "ben"}
