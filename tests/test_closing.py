"""Engagements coming to their end, held as conversations on a clock that is moved."""

from tests.ending import GOAL, ahead, closes, coached, engagement, looks_back, takes_along, until_asked
from tests.planning import plan
from tests.town import Town


async def test_x(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    n, m = len(ana.read), len(dana.read)
    await closes(dana, on="on 18 December")
    await until_asked(town, ana, "Looking back takes")
    await looks_back(ana)
    ana.reads("Four short questions")
    await ana.taps("Go ahead")
    await ana.says("The board talk")
    await ana.says("Patience")
    await ana.says("That I can wait")
    await ana.says("Thank Sam for the client meeting by Friday")
    await until_asked(town, ana, "The next chapter")
    await takes_along(ana)
    print(ana.last)
    await ana.taps("No copy")
    await ana.taps("Until the follow-up ends")
    await until_asked(town, dana, "Where do you see Ana")
    await dana.says("One is made")
    await until_asked(town, ana, "Closing report")
    for x in ana.read[n:]: print("ANA", x.text, [c.label for c in x.choices], x.file and x.file.kind)
    for x in dana.read[m:]: print("DANA", x.text, [c.label for c in x.choices], x.file and x.file.kind)
    print(await ahead(ana), await ahead(dana), await engagement(ana), (await plan(ana)).phase)
    n, m = len(ana.read), len(dana.read)
    await town.passes(days=29)
    for x in ana.read[n:]: print("ANA", x.text, [c.label for c in x.choices], x.file and x.file.kind)
    assert 0
