"""Two weeks in which all write a word of their own wherever something can be written, and look at all there is."""

from datetime import UTC, datetime

from tests.support.town import Person, Town

PREPARING = datetime(2026, 11, 25, 8, 1, tzinfo=UTC)  # the hour of the preparation
THURSDAY = datetime(2026, 11, 26, 17, 1, tzinfo=UTC)  # two hours after it began
# Each word, and everybody who may ever read it. Ana shows Dana what is described, Ben how it stands; Dee has joined and
# is not confirmed; Cy is a client of Kim; Eva stopped showing anything.
MEANT_FOR = {
    "okapia": {"ana", "dana"},
    "wombata": {"ana", "dana"},
    "axolotla": {"ana"},
    "numbata": {"ana"},
    "bilbya": {"ana"},
    "quokka": {"ben"},
    "dugonga": {"ben"},
    "gharialo": {"dee"},
    "tapira": {"cy", "kim"},
    "saolana": {"cy"},
    "maraboua": {"dana"},
    "hoopoea": {"dana"},
    "kagua": {"eva"},
    "narwhala": {"ana", "dana"},
    "pangolina": {"ana"},
    "serowa": {"dana"},
    "kakapoa": {"ana", "dana"},
    "tuatara": {"ben"},
    "gibbona": {"dee"},
}
# What was read by whom it was meant for, or the test would show nothing.
MUST_BE_READ = {("okapia", "dana"), ("kakapoa", "dana"), ("wombata", "dana"), ("maraboua", "dana")}
MUST_BE_READ |= {("tapira", "kim"), ("axolotla", "ana"), ("narwhala", "dana"), ("pangolina", "ana"), ("serowa", "dana")}
LOOKS = ("progress", "whosees", "whatmycoachsees", "goals", "brief", "pictures", "export", "accesslog", "session")
LOOKS_AT_A_CLIENT = ("client", "brief", "pictures", "note", "goals", "session", "program", "leave")


async def promises(person: Person, words: str) -> None:
    """A commitment with words of their own in each of its answers."""
    await person.says(f"/commit Hand over the {words} plan by Wednesday")
    await person.says("8")
    if person.last.token:
        await person.taps("Add both")
        await person.says(f"When {words} rings")
        await person.says(f"{words} has it")


async def checks_in(person: Person, words: str, kept: str) -> None:
    """A check-in: one answer shown as described, one kept back beforehand."""
    await person.says("/checkin")
    for _ in range(12):
        if not person.last.token or "in the way" in person.last.text:
            break
        if "went well" in person.last.text:
            await person.says(f"The {words} meeting")
        elif any(choice.value in ("done", "partly") for choice in person.last.choices):
            await person.says("not yet")
        elif person.last.kind == "scale":
            await person.says("4")
        else:
            await person.says("skip")
    if person.last.token:
        await person.says("private")
        await person.says(f"My boss {kept}")
    for _ in range(8):
        if person.last.token:
            await person.says("skip")


async def plan(person: Person, words: str) -> None:
    """A goal with words of their own in each of its answers."""
    await person.says("/goals new")
    for _ in range(14):
        if not person.last.token:
            break
        if person.last.kind == "text":
            await person.says(f"Less {words} in the steering meeting")
        elif person.last.kind == "date":
            await person.says("in ten weeks")
        else:
            await person.says("skip")


async def meets(ana: Person, dana: Person) -> None:
    """A session: prepared by the client, who keeps one answer, and noted by the coach, who keeps another."""
    await dana.says("/session ana Thursday 15:00")
    await ana.town.until(PREPARING)
    for line in ("8", "narwhala and how it goes", "directly", "private", "pangolina at the board"):
        if ana.last.token:
            await ana.says(line)
    await ana.says("cancel")
    await ana.town.until(THURSDAY)
    for line in ("same", "skip", "skip", "serowa is on their mind", "skip"):
        if dana.asked is dana.last:
            await dana.says(line)
    await dana.says("cancel")


async def looks(person: Person, command: str) -> None:
    """Look, and answer nothing that is asked."""
    await person.says(command)
    if person.last.token:
        await person.says("cancel")


async def a_fortnight(town: Town) -> None:
    """Everybody writes something in every way there is; then everybody looks at all they can."""
    ana = await town.client("ana")
    ben = await town.client("ben", sees="Only what got done")
    dee = await town.client("dee", confirmed="no")
    cy = await town.client("cy", coach="kim")
    eva = await town.client("eva")
    dana, kim = town.people["dana"], town.people["kim"]
    await promises(ana, "okapia")
    await checks_in(ana, "wombata", "numbata")
    await ana.says("/private I dread axolotla")
    await ana.says("/commit Leave bilbya by Friday")
    await ana.says("8")
    await ana.says("skip")
    await ana.says("/private")
    await promises(ben, "quokka")
    await checks_in(ben, "dugonga", "dugonga")
    await promises(dee, "gharialo")
    await checks_in(dee, "gharialo", "gharialo")
    await promises(cy, "tapira")
    await checks_in(cy, "tapira", "saolana")
    await promises(eva, "kagua")
    await eva.says("/settings")
    await eva.taps("What my coach sees")
    await eva.taps("Nothing")
    await plan(ana, "kakapoa")
    await plan(ben, "tuatara")
    await plan(dee, "gibbona")
    await dana.says("/note ana maraboua seems to weigh on them")
    await dana.says("/note ben hoopoea is worth a question")
    await meets(ana, dana)
    await town.passes(days=6)
    for person in (ana, ben, dee, cy, eva):
        for look in LOOKS:
            await looks(person, f"/{look}")
    for coach in (dana, kim):
        for look in ("clients", "digest", "program", "invite", "export", "help"):
            await looks(coach, f"/{look}")
        for name in ("ana", "ben", "cy", "dee", "eva"):
            theirs = (name == "cy") == (coach is kim)
            for look in LOOKS_AT_A_CLIENT if theirs else ("client", "brief"):
                await looks(coach, f"/{look} {name}")
    await town.passes(days=9)
    await town.app.jobs["requests"](town.clock())
    await town.settled()
