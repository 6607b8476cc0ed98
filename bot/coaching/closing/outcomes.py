"""What the dialogues of closing come to: pure functions from answers to records."""

from datetime import date

from bot.coaching.closing.rules import (
    days_kept,
    lines_in,
    only_coaching,
    wants_all_deleted,
    wants_all_kept,
)
from bot.coaching.follow_up.rules import check_ins_chosen
from bot.coaching.planning.goals import level_told
from bot.coaching.shared.outcomes import day_of, remarks, remarks_of_list
from bot.model.commitments.records import CommitmentMade
from bot.model.records import DataAsked, Rated, Record, Remarked, RetentionChosen
from bot.model.records_ending import Closing, FollowUp
from bot.model.records_plan import GoalChanged
from bot.model.replies import Given


def looking_back(given: Given) -> tuple[Record, ...]:
    """Final levels by the client, and the whole time in a few words."""
    records: list[Record] = []
    for item in given.lists.get("closing_goals", ()):
        at = given.inside("goals", item)
        records += level_told(at, item, final=True)
        if at.get("reached") == "reached":
            records.append(GoalChanged(key=f"reached:{item}", goal=item, kind="state", state="reached"))
    overall = given.get("overall")
    if overall is not None:
        records.append(Rated(key="overall", kind="overall", value=overall, audience=given.audience("overall")))
    return (*records, *remarks(given, changed="changed", noticed="noticed", unfinished="unfinished"))


def coach_levels(given: Given) -> tuple[Record, ...]:
    """Final levels as the coach sees them."""
    found: list[Record] = []
    for item in given.lists.get("closing_goals", ()):
        found += level_told(given.inside("goals", item), item, final=True)
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
    told = remarks(given, proud="proud", took="took", learned="learning")
    return (*promised, *told, *remarks_of_list(given, "thanks", "thanks", (line["text"] for line in lines)))


def next_chapter(given: Given) -> tuple[Record, ...]:
    """Habits, what may pull back and what then, who keeps them honest; check-ins only where they were agreed to."""
    days, share, monthly = check_ins_chosen(given), given.get("share"), given.get("monthly")
    agreed = FollowUp(
        engagement=given.engagement,
        days=days,
        share=None if share is None else share == "share",
        monthly=None if monthly is None else monthly == "monthly",
    )
    told = remarks(given, pull="pull", plan="plan", keeper="keeper")
    return (*remarks_of_list(given, "habits", "habit", lines_in(given.get("habits"))), *told, agreed)


def about_the_coaching(given: Given) -> tuple[Record, ...]:
    """Feedback for the coach, who reads it only where the client says so."""
    shared = given.get("share") == "share"
    found: list[Record] = []
    for question, kind in (("matter", "mattered"), ("fit", "fitted")):
        value = given.get(question)
        if value is not None:
            audience = given.audience_if(question, agreed=shared)
            found.append(Rated(key=question, kind=kind, value=value, audience=audience))
    for question, kind in (("keep", "coach_keeps"), ("change", "coach_changes")):
        text = given.get(question)
        if text:
            audience = given.audience_if(question, agreed=shared)
            found.append(Remarked(key=question, kind=kind, text=text, audience=audience))
    return tuple(found)


def your_data(given: Given) -> tuple[Record, ...]:
    """A copy, and how long all of it is kept; deleted at once only where no other coaching is under way."""
    records: list[Record] = [DataAsked(kind="export")] if given.get("copy") == "send" else []
    if wants_all_kept(given):
        records.append(RetentionChosen(days=days_kept(given)))
    if wants_all_deleted(given):
        records.append(DataAsked(kind="erase") if only_coaching(given) else RetentionChosen(days=0))
    return tuple(records)


def close(given: Given) -> tuple[Record, ...]:
    """The day of the end, after a yes."""
    day = given.get("day")
    if given.get("sure") != "close" or day is None:
        return ()
    return (Closing(engagement=given.engagement, ends=date.fromisoformat(day)),)
