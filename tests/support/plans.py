"""What tests of goals and agreements share: people in the middle of an engagement, and what the database holds."""

from functools import partial

from bot.model.plan import Plan
from storage.people.engagements import engagements_as_client
from storage.programme.plans import plan_of
from tests.support.beginnings import played_once
from tests.support.town import Person, Town

LADDER = (
    "Two of three decisions are made without me",
    "All three are made without me",
    "One is made without me",
    "The team decides and tells me afterwards",
    "Every one comes back to my desk",
)


async def plan(person: Person) -> Plan:
    """The plan of somebody's own engagement, as the database holds it."""
    place = await person.place()
    read = person.town.app.database.read
    coached = await read(partial(engagements_as_client, wanted=place.person))
    return await read(partial(plan_of, wanted=coached[0].engagement.id))


@played_once
async def together(town: Town, user: str = "ana", coach: str = "dana", **wishes: str) -> tuple[Person, Person]:
    """A client who has been through the welcome, and the coach, who knows who it is that joined."""
    return await town.client(user, coach, **wishes), town.people[coach]


async def goal(ana: Person, text: str = "Hand over the Q2 plan", *, hold: str = "Yes, that is it") -> None:
    """A goal as quickly as it goes: words, and yes."""
    await ana.says(f"/goals new {text}")
    for _ in range(6):
        await ana.says("skip")
    await ana.taps(hold)


async def own_ladder(ana: Person, baseline: str = "-1") -> None:
    """The client drafts a ladder for the first goal that lacks one."""
    await ana.says("/goals ladder")
    for sentence in LADDER:
        await ana.says(sentence)
    await ana.taps(baseline)


async def coachs_ladder(dana: Person, name: str = "ana") -> None:
    """The coach drafts it, and sends it."""
    await dana.says(f"/ladder {name}")
    for sentence in LADDER:
        await dana.says(sentence)
    await dana.taps("Yes")


async def steps(ana: Person) -> None:
    """The first steps of the first goal that lacks them, and nothing more of its plan."""
    await ana.says("/goals steps")
    await ana.says("skip")
    await ana.says("Agree the hand-over by 18 December\nHand over the budget by 15 January")
    for _ in range(3):
        await ana.says("skip")


async def agreement(dana: Person, name: str = "ana", *, sponsor: str = "There is no sponsor") -> None:
    """The coach words an agreement that ends in half a year, and agrees to it."""
    await dana.says(f"/agreement {name}")
    await dana.taps("Decisions and priorities")
    await dana.taps("I ask, they decide and act")
    await dana.taps("Every two weeks")
    await dana.says("31 May")
    await dana.taps("Everything said between us")
    await dana.taps(sponsor)
    await dana.taps("Danger to life, or a court order")
    await dana.taps("A word, then one last session")
    await dana.taps("I agree")


async def agreed(town: Town, *, sponsor: str = "There is no sponsor") -> tuple[Person, Person]:
    """Ana and Dana with an agreement that holds."""
    ana, dana = await together(town)
    await agreement(dana, sponsor=sponsor)
    await ana.says("/agreement")
    await ana.taps("I agree")
    return ana, dana
