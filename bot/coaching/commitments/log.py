"""`log`: a word on a commitment, by its number or by its own words; without any, the list of what is open."""

from dataclasses import replace
from datetime import date, datetime

from bot.coaching.commitments.lines import commitment_line
from bot.coaching.commitments.progress import is_hidden
from bot.coaching.commitments.rules import DUE_TODAY
from bot.coaching.habits.commands import log_habit
from bot.coaching.habits.lines import habit_lines
from bot.coaching.habits.rules import off_of, own_habits
from bot.coaching.shared.lines import title
from bot.coaching.shared.validators import not_past
from bot.coaching.visibility.table import is_related
from bot.messages.readings import DateKind, DateReading, Reading
from bot.model.commitments.records import Reported
from bot.model.commitments.values import Commitment, Standing
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Opening, Reply

MOVED = "moved"
_SLIPS = ("not_yet", "partly")
_SETTLED = {Standing.DONE: "done", Standing.DROPPED: "let_go"}


def log(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What was reported is written at once and echoed; of what is not done, or in part, it is asked how it goes on."""
    if not reading.rest.strip():
        return Reply(says=open_list(facts))
    of_habit = log_habit(reading, facts)
    if of_habit is not None:
        return of_habit
    wanted, unknown = _named(reading, facts)
    if unknown:
        return Reply(says=(phrase("log_no_number", number=unknown[0]), *open_list(facts)), own=True)
    if not wanted:
        return Reply(says=(phrase("log_which"), *open_list(facts)), own=True)
    return report_on(wanted, reading, facts)


def open_list(facts: Facts) -> tuple[Phrase, ...]:
    """The open commitments with their numbers, and how to speak of them."""
    live, habits = facts.open_commitments, habit_lines(own_habits(facts), facts.today, off_of(facts), own=True)
    if not live:
        return (phrase("in_lines", lines=habits),) if habits else (phrase("log_nothing_open"),)
    lines = [commitment_line(c, facts.plan_of(c.engagement), hidden=is_hidden(c)) for c in live]
    lines = [phrase("open_heading"), *lines, *habits]
    return (phrase("in_lines", lines=lines), phrase("log_how", number=live[0].number))


def report_on(wanted: tuple[Commitment, ...], reading: Reading, facts: Facts) -> Reply:
    """Write what a text reports of these commitments; without a report, ask how it went.

    Of what is kept from the coach nothing follows that the coach could see.
    """
    reply = _report_on(wanted, reading, facts)
    if not all(map(is_hidden, wanted)):
        return reply
    asks = reply.opens if reply.opens is not None and reply.opens.items else None
    return replace(reply, own=True, opens=replace(asks, private=True) if asks is not None else None)


def _report_on(wanted: tuple[Commitment, ...], reading: Reading, facts: Facts) -> Reply:
    found = _new_day(wanted, reading, numbered=bool(reading.numbers))
    wrong = _wrong_day(found, reading, facts)
    if wrong is not None:
        return Reply(says=(wrong,))
    settled = [c for c in wanted if _SETTLED.get(c.standing) == (reading.report or _SETTLED.get(c.standing, "open"))]
    if settled:
        report = phrase(f"report_{_SETTLED[settled[0].standing]}")
        return Reply(says=(phrase("log_settled", commitment=title(settled[0]), report=report),))
    if reading.report not in ("", MOVED):
        return _reported(wanted, reading.report, found, facts)
    if found is not None:
        return _moved(wanted, found, facts)
    return Reply(opens=_opens("after-a-slip" if reading.report else DUE_TODAY, wanted))


def _reported(wanted: tuple[Commitment, ...], report: str, found: DateReading | None, facts: Facts) -> Reply:
    slipped = report in _SLIPS
    day = found.day if found is not None and slipped else None
    if (report == "partly" or (slipped and day is None)) and all(c.standing is Standing.OPEN for c in wanted):
        return Reply(opens=_opens(DUE_TODAY, wanted, report, day))
    records = tuple(_record(c, report, day) for c in wanted)
    if slipped and day is None:
        said = phrase("log_slipped", report=phrase(f"report_{report}"))
        return Reply(says=(said,), records=records, opens=_opens("after-a-slip", wanted))
    told = phrase(f"report_{report}")
    lines = [
        phrase("log_moved", commitment=title(c), day=day)
        if day
        else phrase("log_noted", commitment=title(c), report=told)
        for c in wanted
    ]
    return _echo(wanted, lines, records, facts)


def _moved(wanted: tuple[Commitment, ...], found: DateReading, facts: Facts) -> Reply:
    new = tuple(c for c in wanted if c.due != found.day)
    if not new:
        return Reply(says=(phrase("log_same_day", commitment=title(wanted[0]), day=found.day),))
    lines = [phrase("log_moved", commitment=title(c), day=found.day) for c in new]
    records = tuple(_record(c, MOVED, found.day) for c in new)
    return _echo(new, lines, records, facts)


def _echo(wanted: tuple[Commitment, ...], lines: list[Phrase], records: tuple[Reported, ...], facts: Facts) -> Reply:
    days = all(record.due is not None for record in records)
    says = (phrase("in_lines", lines=lines), *_sees(wanted, facts, days=days))
    return Reply(says=says, records=records, opens=welcome_back(facts))


def _record(commitment: Commitment, report: str, day: date | None) -> Reported:
    """The key is another than a dialogue's, so that what follows a slip stands beside this report."""
    return Reported(key=f"log:{commitment.id}", commitment=commitment.id, report=report, due=day)


def _opens(dialogue: str, wanted: tuple[Commitment, ...], report: str = "", day: date | None = None) -> Opening:
    """A dialogue on these commitments; one that asks how they went takes what was reported as the answer."""
    known: dict[str, object] = {f"items[{c.id}].status": (report, phrase(f"report_{report}")) for c in wanted if report}
    if day is not None:
        known |= {f"items[{c.id}].left_due": (day.isoformat(), day) for c in wanted}
    return Opening(dialogue=dialogue, items=tuple(c.id for c in wanted), known=known)


def welcome_back(facts: Facts) -> Opening | None:
    """Any word ends a silence; the rhythm returns only after asking."""
    quiet = facts.wishes.slowdown != "normal" and not facts.wishes.stopped
    return Opening(dialogue="welcome-back") if quiet else None


def _sees(wanted: tuple[Commitment, ...], facts: Facts, *, days: bool) -> tuple[Phrase, ...]:
    """Who sees it: said once, for the first one that is not private."""
    for commitment in wanted:
        where = next((e for e in facts.engagements if e.id == commitment.engagement), None)
        if where is not None and is_related(where) and not is_hidden(commitment):
            new = days and where.visible != "none"
            return (phrase("sees_new_day" if new else f"sees_status_{where.visible}", coach=where.coach_name),)
    return (phrase("sees_status_none"),)


# -- which commitment, which day -------------------------------------------------------------------------------------


def _named(reading: Reading, facts: Facts) -> tuple[tuple[Commitment, ...], tuple[int, ...]]:
    """The commitments that are meant, and numbers that name none."""
    numbers = reading.numbers
    by_number = {c.number: c for c in facts.commitments}
    unknown = tuple(n for n in numbers if n not in by_number)
    if numbers and not unknown:
        return tuple(by_number[n] for n in dict.fromkeys(numbers)), ()
    matched = facts.commitment(reading.commitment) if reading.commitment else None
    if matched is not None:
        return (matched,), ()
    if not unknown and reading.report and len(facts.open_commitments) == 1:
        return facts.open_commitments, ()
    return (), unknown


def _new_day(wanted: tuple[Commitment, ...], reading: Reading, *, numbered: bool) -> DateReading | None:
    """The day that was named, unless its words are only part of the commitment's own ("Friday report")."""
    found = next((d for d in reading.dates if d.kind in (DateKind.FUTURE, DateKind.PAST)), None)
    if found is None or numbered:
        return found
    own = " ".join(c.text.casefold() for c in wanted)
    return None if found.phrase.casefold() in own else found


def _wrong_day(found: DateReading | None, reading: Reading, facts: Facts) -> Phrase | None:
    """A new day must lie ahead; a past one beside a report only says when it was done."""
    if found is None or found.day is None or reading.report not in ("", MOVED, *_SLIPS):
        return None
    if found.kind is DateKind.PAST:
        return None if reading.report in _SLIPS else phrase("misread_date_past")
    return not_past(found.day.isoformat(), Given(facts=facts))
