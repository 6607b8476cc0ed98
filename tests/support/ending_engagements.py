"""What tests of reviews, closing and follow-up share: an engagement on its way, and its end."""

from functools import partial

from bot.messages.outgoing import Message
from storage.people.engagements import engagements_as_client
from storage.tables.people import table_of
from storage.tables.plan import AgendaRow
from tests.support.beginnings import played_once
from tests.support.plans import coachs_ladder, goal
from tests.support.town import Person, Town

GOAL = "Hand over the Q2 plan"


@played_once
async def coached(town: Town, *goals: str, user: str = "ana", coach: str = "dana") -> tuple[Person, Person]:
    """A client with goals on ladders that hold, each begun at Short, and their coach."""
    ana = await town.client(user, coach)
    dana = town.people[coach]
    await dana.says(f"/confirm {user}")
    for text in goals:
        await goal(ana, text)
        await coachs_ladder(dana, user)
        await ana.taps("Read it", on=ana.last)
        await ana.taps("I agree")
        await ana.taps("One is made without me")
    if goals:
        await ana.says("/goals without")  # without first steps, so that the coaching begins
    return ana, dana


async def closes(dana: Person, name: str = "ana", on: str = "") -> None:
    """The coach brings an engagement to its end, and says yes."""
    await dana.says(f"/close {name} {on}".strip())
    await dana.taps("Close it")


async def looks_back(ana: Person, level: str = "Two of three") -> None:
    """The client has been asked to look back, and does."""
    await ana.says(level)
    await ana.taps("8")
    await ana.says("I ask before I answer")
    await ana.says("skip")
    await ana.says("skip")


async def takes_along(ana: Person, *, checkins: str = "All three", share: str = "A summary for my coach") -> None:
    """The client has been asked about the next chapter, and answers all of it."""
    await ana.taps("Go ahead")
    await ana.says("Monday review with Sam; Friday walk")
    await ana.says("Quarter ends")
    await ana.says("When it gets loud, I call Sam")
    await ana.says("Sam")
    await ana.taps(checkins)
    if checkins != "No":
        await ana.taps(share)


async def engagement(person: Person, number: int = 0) -> tuple[str, str, frozenset[str]]:
    """The id, the state and the consents of a client's engagement, the oldest first."""
    place = await person.place()
    found = await person.town.app.database.read(partial(engagements_as_client, wanted=place.person))
    own = found[number].engagement
    return own.id, own.state, own.consents


async def ahead(person: Person) -> list[tuple[str, str]]:
    """What stands on somebody's agenda: dialogue and day, in order."""
    place = await person.place()
    table = table_of(AgendaRow)

    def rows(connection: object) -> list[tuple[str, str]]:
        wanted = table.select().where(table.c.person == place.person, table.c.state == "open")
        found = connection.execute(wanted).all()  # type: ignore[attr-defined]
        return sorted(((row.dialogue, row.day.isoformat()) for row in found), key=lambda entry: entry[1])

    return await person.town.app.database.read(rows)


def since(person: Person, count: int) -> list[Message]:
    """What somebody has read since they had read so many messages."""
    return person.read[count:]


async def until_asked(town: Town, person: Person, words: str, *, days: int = 40) -> Message:
    """Let days pass until somebody reads these words; whatever else they are asked meanwhile they put away."""
    for _ in range(days):
        found = [message for message in person.read if words in message.text]
        if found:
            return found[-1]
        count = len(person.read)
        await town.passes(days=1)
        fresh = since(person, count)
        if any(message.token for message in fresh) and not any(words in message.text for message in fresh):
            await person.says("cancel")
    raise AssertionError(f"{words!r} was never read: {[message.text[:60] for message in person.read[-6:]]}")
