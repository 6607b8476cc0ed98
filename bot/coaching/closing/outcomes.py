"""What reviews, adjustments, closing and follow-up come to: pure functions from answers to records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from bot.coaching.closing.rules import audience_for, chosen_stages, deletes, followed, keeps, lines_in, only_coaching
from bot.coaching.shared.answers import day_of
from bot.model.facts import Audience
from bot.model.records import CallWanted, CommitmentMade, DataAsked, Rated, Record, Remarked, RetentionChosen
from bot.model.records_ending import Closing, FollowUp, FollowUpOver, Reopened
from bot.model.records_plan import GoalChanged, LevelGiven
from bot.model.replies import Given

LINGERS = 21  # days for which data outlasts the last check-in, so that its answer and the good-bye have their time
_LEVEL_PARTS = {"level": "value", "evidence": "evidence", "cause": "cause"}  # questions, and the fields that hold them


def _remarked(given: Given, **kinds: str) -> Iterator[Remarked]:
    """What was told in words, a question each."""
    for question, kind in kinds.items():
        text = given.get(question)
        if text:
            key = given.key(question)
            yield Remarked(key=key, kind=kind, text=given.labels.get(key) or text, audience=given.audience(question))


def _listed(given: Given, question: str, kind: str, entries: Iterable[str]) -> Iterator[Remarked]:
    """What was told as a list, an entry each."""
    for number, text in enumerate(entries):
        yield Remarked(key=f"{question}:{number}", kind=kind, text=text, audience=given.audience(question))


# -- review and adjustment -------------------------------------------------------------------------------------------


def review(given: Given) -> tuple[Record, ...]:
    """Levels with their evidence, what becomes of each goal, and what matters next."""
    records: list[Record] = []
    for item in given.lists.get("active_goals", ()):
        at = given.inside("goals", item)
        records += _levelled(at, item)
        if at.get("keep") == "retire":
            records.append(GoalChanged(key=f"keep:{item}", goal=item, kind="state", by=given.side, state="retired"))
        if at.get("keep") == "adjust":
            records += _adjusted(at, item)
    return (*records, *_remarked(given, going="going", next_month="focus"))


def _levelled(at: Given, item: str, *, final: bool = False) -> Iterator[Record]:
    value, evidence = at.get("level"), at.get("evidence") or ""
    if value is None:
        yield from _remarked(at, evidence="evidence")
        return
    hidden = [name for question, name in _LEVEL_PARTS.items() if at.audience(question) is Audience.PRIVATE]
    yield LevelGiven(
        key=f"level:{item}",
        goal=item,
        value=value,
        by=at.side,
        evidence=evidence,
        cause=at.get("cause") or "",
        final=final,
        withheld=tuple(hidden),
    )


def adjust(given: Given) -> tuple[Record, ...]:
    """Another date, another size, or the end of one goal."""
    which = given.get("which")
    return tuple(_adjusted(given, which)) if which else ()


def _adjusted(at: Given, item: str) -> Iterator[Record]:
    """What was said in the part about one goal; a new size becomes a new version of its ladder, gone over next."""
    change, by = at.inside("change"), at.side
    reason = change.get("changed") or ""
    match change.get("how"):
        case "date" if change.get("when"):
            due = day_of(change.get("when"))
            yield GoalChanged(key=f"adjust:{item}", goal=item, kind="adjusted", by=by, reason=reason, due=due)
        case "stop":
            yield GoalChanged(key=f"adjust:{item}", goal=item, kind="adjusted", by=by, reason=reason, state="retired")
        case "size" if change.get("zero"):
            yield GoalChanged(key=f"adjust:{item}", goal=item, kind="adjusted", by=by, reason=reason)
        case _:
            pass


# -- closing ---------------------------------------------------------------------------------------------------------


def looking_back(given: Given) -> tuple[Record, ...]:
    """Final levels by the client, and the whole time in a few words."""
    records: list[Record] = []
    for item in given.lists.get("closing_goals", ()):
        at = given.inside("goals", item)
        records += _levelled(at, item, final=True)
        if at.get("reached") == "reached":
            records.append(GoalChanged(key=f"reached:{item}", goal=item, kind="state", state="reached"))
    overall = given.get("overall")
    if overall is not None:
        records.append(Rated(key="overall", kind="overall", value=overall, audience=given.audience("overall")))
    return (*records, *_remarked(given, changed="changed", noticed="noticed", unfinished="unfinished"))


def coach_levels(given: Given) -> tuple[Record, ...]:
    """Final levels as the coach sees them."""
    found: list[Record] = []
    for item in given.lists.get("closing_goals", ()):
        found += _levelled(given.inside("goals", item), item, final=True)
    return tuple(found)


def celebrate(given: Given) -> tuple[Record, ...]:
    """What went well; each thanks is a commitment too."""
    lines = given.get("thanks") or ()
    promised = [
        CommitmentMade(
            key=f"thanks:{number}",
            text=line["text"],
            due=day_of(line["day"]),
            audience=given.audience("thanks"),
            engagement=given.engagement,
        )
        for number, line in enumerate(lines)
    ]
    told = _remarked(given, proud="proud", took="took", learned="learning")
    return (*promised, *told, *_listed(given, "thanks", "thanks", (line["text"] for line in lines)))


def next_chapter(given: Given) -> tuple[Record, ...]:
    """Habits, what may pull back and what then, who keeps them honest; check-ins only where they were agreed to."""
    days, share, monthly = chosen_stages(given), given.get("share"), given.get("monthly")
    agreed = FollowUp(
        engagement=given.engagement,
        days=days,
        share=None if share is None else share == "share",
        monthly=None if monthly is None else monthly == "monthly",
    )
    told = _remarked(given, pull="pull", plan="plan", keeper="keeper")
    return (*_listed(given, "habits", "habit", lines_in(given.get("habits"))), *told, agreed)


def about_the_coaching(given: Given) -> tuple[Record, ...]:
    """Feedback for the coach, who reads it only where the client says so."""
    audience = audience_for(given.get("share") == "share")
    found: list[Record] = []
    for question, kind in (("matter", "mattered"), ("fit", "fitted")):
        value = given.get(question)
        if value is not None:
            found.append(Rated(key=question, kind=kind, value=value, audience=audience))
    for question, kind in (("keep", "coach_keeps"), ("change", "coach_changes")):
        text = given.get(question)
        if text:
            found.append(Remarked(key=question, kind=kind, text=text, audience=audience))
    return tuple(found)


def your_data(given: Given) -> tuple[Record, ...]:
    """A copy, and how long all of it is kept; deleted at once only where no other coaching is under way."""
    records: list[Record] = [DataAsked(kind="export")] if given.get("copy") == "send" else []
    if keeps(given):
        records.append(RetentionChosen(days=max((int(day) for day in given.plan_here.follow_up), default=0) + LINGERS))
    if deletes(given):
        records.append(DataAsked(kind="erase") if only_coaching(given) else RetentionChosen(days=0))
    return tuple(records)


def close(given: Given) -> tuple[Record, ...]:
    """The day of the end, after a yes."""
    day = given.get("day")
    if given.get("sure") != "close" or day is None:
        return ()
    return (Closing(engagement=given.engagement, ends=date.fromisoformat(day)),)


# -- afterwards ------------------------------------------------------------------------------------------------------


def follow_up(given: Given) -> tuple[Record, ...]:
    """How it holds; a wish for a word reaches the coach, all else only where a summary was agreed to."""
    engagement = given.engagement_here
    audience = audience_for(engagement is not None and "summary" in engagement.consents)
    records: list[Record] = []
    for item in given.lists.get("closing_goals", ()):
        value = followed(given, item)
        if value is not None:
            hidden = () if audience is Audience.COACH else ("value",)
            records.append(LevelGiven(key=f"level:{item}", goal=item, value=value, withheld=hidden))
    habits = given.plan_here.habits
    for question in ("held", "slipped"):
        records += _of_habits(question, given.get(question), habits, audience)
    if given.get("going") not in (None, "stop"):
        records.append(Remarked(key="going", kind="going", text=given.labels.get("going", ""), audience=audience))
    if given.get("restart"):
        records.append(Remarked(key="restart", kind="restart", text=given.get("restart"), audience=audience))
    if given.get("word") == "ask" and engagement is not None:
        records.append(CallWanted(engagement=engagement.id))
    told = [value for key, value in given.values.items() if key.endswith(".standing") or key == "going"]
    if "stop" in told:
        records.append(FollowUp(engagement=given.engagement, days=(), monthly=False))
    return tuple(records)


def _of_habits(question: str, chosen: str | None, habits: tuple[str, ...], audience: Audience) -> Iterator[Remarked]:
    for number, habit in enumerate(habits):
        if chosen in (str(number), "both"):
            yield Remarked(key=f"{question}:{number}", kind=question, text=habit, audience=audience)


def self_coaching(given: Given) -> tuple[Record, ...]:
    """Notes of the client's own; nobody else reads them."""
    if given.get("now") == "stop":
        return (FollowUp(engagement=given.engagement, monthly=False),)
    told = [
        Remarked(key=question, kind=kind, text=given.get(question), audience=Audience.PRIVATE)
        for question, kind in (("working", "working"), ("friend", "friend"), ("one", "journal"))
        if given.get(question)
    ]
    return tuple(told)


def last_good_bye(given: Given) -> tuple[Record, ...]:
    """The end of all, or a monthly minute for oneself."""
    match given.get("stay"):
        case "monthly":
            return (FollowUp(engagement=given.engagement, monthly=True),)
        case "stop":
            return (FollowUpOver(engagement=given.engagement),)
        case _:
            return ()


def reopening(given: Given) -> tuple[Record, ...]:
    """The engagement goes on, after the client's yes."""
    return (Reopened(engagement=given.engagement, by="client"),) if given.get("again") == "again" else ()


CLOSING_OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "review": review,
    "adjust": adjust,
    "looking_back": looking_back,
    "coach_levels": coach_levels,
    "celebrate": celebrate,
    "next_chapter": next_chapter,
    "about_the_coaching": about_the_coaching,
    "your_data": your_data,
    "close": close,
    "follow_up": follow_up,
    "self_coaching": self_coaching,
    "last_good_bye": last_good_bye,
    "reopening": reopening,
}
