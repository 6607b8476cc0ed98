"""What somebody would read if they looked now, without their having looked."""

from functools import partial

from sqlalchemy import Connection

from bot.conversation.load_facts import facts, with_needs
from bot.features import COMMANDS, needs_of
from bot.messages.readings import Reading
from storage.people import people
from tests.support.town import Person, Town

OF_CLIENT = ("progress", "goals", "whatmycoachsees", "agreement")
OF_COACH = ("clients", "client", "brief", "digest", "goals", "agreement")


async def pages(ana: Person, dana: Person, name: str = "ana") -> dict[str, str]:
    """Each page of a client and of their coach as text, by whose and which it is."""
    found = {f"client: {verb}": await page(ana, verb) for verb in OF_CLIENT}
    of_one = {f"coach: {verb}": await page(dana, verb, name) for verb in OF_COACH}
    return found | of_one


async def page(person: Person, verb: str, rest: str = "") -> str:
    """What a command would answer, in words."""
    wanted = (await person.place()).person
    return await person.town.app.database.read(partial(_page, town=person.town, wanted=wanted, verb=verb, rest=rest))


def _page(connection: Connection, town: Town, wanted: str, verb: str, rest: str) -> str:
    known, now = people.person(connection, wanted), town.clock.now
    assert known is not None
    made = town.app.library
    found = made.known_to(with_needs(connection, known, facts(connection, known, now), needs_of(verb)))
    reply = COMMANDS[verb](Reading(text=f"{verb} {rest}", verb=verb, rest=rest), found, now)
    return "\n".join(made.wording(found).render(said) for said in reply.says)
