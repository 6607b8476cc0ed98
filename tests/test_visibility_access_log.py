"""Who did what with whose data is noted without content; the client reads who looked, and can delete it all."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.simulated import stage
from storage import audit
from storage.people import engagements, people, requests
from storage.tables.schema import metadata
from tests.support.town import Person, Town


async def id_of(town: Town, user: str) -> str:
    return (await town.people[user].place()).person


async def entries(town: Town, user: str) -> list[audit.Entry]:
    return await town.app.database.read(partial(audit.entries, subject=await id_of(town, user)))


async def ticks(town: Town) -> None:
    """The jobs run once, and what came of it arrives."""
    await stage.tick(town.app, town.clock(), town.app.jobs)
    await town.settled()


async def a_client(town: Town, user: str = "ana", **more: str) -> Person:
    """A client who has set things up, and whom the coach has confirmed."""
    person = await town.client(user, **more)
    await town.people["dana"].says(f"/confirm {more.get('called', user)}")
    return person


async def promises(person: Person, what: str) -> None:
    """A commitment, made to the end."""
    await person.says(f"commit {what}")
    await person.says("8")
    await person.says("skip")


async def deletes(person: Person) -> None:
    await person.says("delete")
    await person.taps("Yes")
    await person.taps("Delete everything")


# -- the access log --------------------------------------------------------------------------------------------------


async def test_the_client_reads_who_looked_and_on_which_day_never_at_which_hour(town: Town) -> None:
    ana = await a_client(town, "ana")
    dana = town.people["dana"]
    await ana.says("accesslog")
    ana.reads("Nobody has looked")
    await dana.says("client Ana")
    await dana.says("client Ana")
    await dana.says("digest")
    await ana.says("accesslog")
    ana.reads("Dana", "23 Nov", "the digest")
    assert ana.last.text.count("everything you share") == 1
    assert ":0" not in ana.last.text.split("by day:")[1]


async def test_the_weekly_digest_is_in_it_too(town: Town) -> None:
    ana = await a_client(town, "ana")
    await town.passes(days=8)
    await ana.says("accesslog")
    ana.reads("30 Nov", "the digest")


async def test_a_client_who_shows_nothing_is_not_looked_at(town: Town) -> None:
    ana = await a_client(town, "ana", sees="Decide later")
    await town.people["dana"].says("client Ana")
    await ana.says("accesslog")
    ana.reads("Nobody has looked")


async def test_nobody_reads_anothers_log(town: Town) -> None:
    await a_client(town, "ana")
    ben = await a_client(town, "ben")
    await town.people["dana"].says("client Ana")
    await ben.says("accesslog")
    ben.reads("Nobody has looked")
    await town.people["dana"].says("accesslog")
    assert "everything you share" not in town.people["dana"].last.text


async def test_entries_hold_ids_and_fixed_words_and_no_content(town: Town) -> None:
    ana = await a_client(town, "ana", called="Ana Zebrafinch")
    await promises(ana, "call the zebrafinch bank by Wednesday")
    await town.people["dana"].says("client Ana Zebrafinch")

    def everything(connection: Connection) -> list[Any]:
        return [tuple(row) for row in connection.execute(select(metadata().tables["audit"]))]

    assert "zebrafinch" not in str(await town.app.database.read(everything)).casefold()


# -- consents --------------------------------------------------------------------------------------------------------


async def test_what_was_agreed_to_is_noted(town: Town) -> None:
    await a_client(town, "ana")
    found = [entry.kind for entry in await entries(town, "ana") if entry.verb == audit.CONSENTED]
    assert found == ["programme: yes", "coach_sees: described"]


async def test_a_consent_that_is_taken_back_holds_at_once(town: Town) -> None:
    ana = await a_client(town, "ana")
    await promises(ana, "call the bank by Wednesday")
    dana = town.people["dana"]
    await dana.says("client Ana")
    dana.reads("Call the bank")
    await ana.says("settings")
    await ana.taps("What I agreed to")
    await ana.taps("Being asked at all")
    await dana.says("client Ana")
    assert "bank" not in dana.last.text
    known = await town.app.database.read(partial(people.person, wanted=await id_of(town, "ana")))
    assert known is not None
    assert known.wishes.stopped
    assert known.next_at is None
    given = await town.app.database.read(partial(engagements.consents, wanted=known.id))
    assert "programme" not in frozenset().union(*given.values())


async def test_taking_back_what_the_coach_sees_leaves_the_prompts(town: Town) -> None:
    ana = await a_client(town, "ana")
    await ana.says("settings")
    await ana.taps("What I agreed to")
    await ana.taps("What my coach sees")
    dana = town.people["dana"]
    await dana.says("client Ana")
    dana.reads("shows you nothing")
    known = await town.app.database.read(partial(people.person, wanted=await id_of(town, "ana")))
    assert known is not None
    assert known.next_at is not None


# -- deleting in the chat --------------------------------------------------------------------------------------------


async def test_delete_asks_twice_and_says_what_remains(town: Town) -> None:
    ana = await a_client(town, "ana")
    await ana.says("delete")
    ana.reads("the messages in this chat", "digests already sent", "backups", "export")
    await ana.taps("Yes")
    ana.reads("nobody can bring it back")
    await ana.taps("Keep everything")
    ana.reads("Nothing was deleted")
    await ticks(town)
    assert await ana.answers()


async def test_a_no_is_a_no(town: Town) -> None:
    ana = await a_client(town, "ana")
    await ana.says("delete")
    await ana.taps("No")
    ana.reads("Nothing was deleted")
    assert not await town.app.database.read(requests.waiting)


async def test_a_client_deletes_themselves_and_the_coach_hears_only_that(town: Town) -> None:
    ana = await a_client(town, "ana")
    await ana.says("private a zebrafinch thought")
    person, dana = await id_of(town, "ana"), town.people["dana"]
    await deletes(ana)
    ana.reads("being deleted now", "Dana will read only that")
    dana.reads("Ana's data was deleted")
    await dana.says("clients")
    assert "Ana" not in dana.last.text or "declined" in dana.last.text or "finished" in dana.last.text
    await ticks(town)
    assert await town.app.database.read(partial(people.person, wanted=person)) is None
    await dana.says("clients")
    assert "Ana" not in dana.last.text
    await ana.says("progress")
    ana.reads("I don't know you yet")


async def test_nothing_is_shown_from_the_moment_of_the_yes(town: Town) -> None:
    ana = await a_client(town, "ana")
    await promises(ana, "call the bank by Wednesday")
    await deletes(ana)
    await town.people["dana"].says("client Ana")
    assert "bank" not in town.people["dana"].last.text.casefold()


async def test_the_last_word_is_waited_for_but_not_for_ever(town: Town) -> None:
    ana = await a_client(town, "ana")
    person = await id_of(town, "ana")
    await deletes(ana)
    stuck = metadata().tables["outbox"]

    def stick(connection: Connection) -> int:
        newest = connection.execute(select(stuck.c.id).where(stuck.c.person == person).order_by(stuck.c.id.desc()))
        waits = stuck.update().where(stuck.c.id == newest.scalars().first())
        return connection.execute(waits.values(state="pending", finished=None, held="stuck")).rowcount

    await town.app.database.transact(stick)
    await town.app.jobs["requests"](town.clock())
    assert await town.app.database.read(partial(people.person, wanted=person)) is not None
    await town.app.jobs["requests"](town.clock() + timedelta(minutes=16))
    assert await town.app.database.read(partial(people.person, wanted=person)) is None


async def test_a_coach_who_leaves_tells_the_clients_and_takes_their_notes_along(town: Town) -> None:
    ana = await a_client(town, "ana")
    await promises(ana, "call the bank by Wednesday")
    dana = town.people["dana"]
    await dana.says("delete")
    dana.reads("your notes")
    await dana.taps("Yes")
    await dana.taps("Delete everything")
    ana.reads("Dana no longer uses Throughline")
    await ticks(town)
    assert await ana.commitments()
    await dana.says("clients")
    dana.reads("I don't know you yet")


async def test_an_edited_answer_deletes_nothing(town: Town) -> None:
    ana = await a_client(town, "ana")
    await ana.says("delete")
    await ana.says("no")
    await ana.edits("yes")
    assert not await town.app.database.read(requests.waiting)
