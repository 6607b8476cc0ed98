"""The brief before a session: its ten parts, in order, from nothing but what the client shares."""

from dataclasses import replace
from datetime import timedelta

from bot.coaching.sessions.brief import brief_lines, patterns
from bot.model.commitments.values import Standing
from bot.model.people.answers import Audience
from bot.model.people.client_view import ClientView
from bot.model.plan import Note, Session
from tests.support.facts import NOW, TODAY, WORDING, commitment, days_ago, ratings, remark, view

PROMISE = Note(id="n1", engagement="e", kind="promise", text="Send the article", day=days_ago(3))
SECRET = Note(id="n2", engagement="e", kind="note", text="She looked tired", day=days_ago(3))


def read(seen: ClientView, *notes: Note) -> list[str]:
    return [WORDING.render(line) for line in brief_lines(seen, TODAY, NOW, notes=notes)]


def meeting(days: int, **changes: object) -> Session:
    return replace(Session(id=f"s{days}", engagement="e", at=NOW + timedelta(days=days)), **changes)


def with_sessions(seen: ClientView, *sessions: Session) -> ClientView:
    return replace(seen, plan=replace(seen.plan, sessions=sessions))


def test_it_reads_from_the_wish_to_the_consent() -> None:
    seen = view(
        "Ana",
        commitment(1, "Hand over the plan", due=days_ago(2), standing=Standing.DONE, reported=days_ago(2)),
        commitment(2, "Call Sam", due=days_ago(1), moved=3),
        ratings=ratings("confidence", (8, 20), (7, 10), (5, 1), about="c2"),
        remarks=(remark("A decision", kind="wish"), remark("The board listened"), remark("Time", kind="obstacle")),
    )
    lines = read(with_sessions(seen, meeting(-7), meeting(1), meeting(8)), PROMISE, SECRET)
    assert lines[0] == "Brief: Ana, session on Thu 5 Mar"
    order = [
        "Would make it worthwhile:",
        "“A decision”",
        "Since Wed 25 Feb:",
        "done: Hand over the plan, Mon 2 Mar",
        "not done: Call Sam, due Tue 3 Mar, moved 3 times",
        "Confidence, Call Sam: 8 (Thu 12 Feb), 7 (Sun 22 Feb), 5 (Tue 3 Mar)",
        "Went well:",
        "“The board listened”",
        "In the way:",
        "“Time”",
        "The coach's own promise: Send the article, since Sun 1 Mar",
        "Questions, if they help:",
        "2 sessions booked",
        "Only what Ana shares is here.",
    ]
    assert [line for line in lines if line in order] == order
    assert any("What changed between 8 and 5?" in line for line in lines)
    assert any("easy to postpone" in line for line in lines)
    assert not any("tired" in line for line in lines)


def test_nothing_private_and_nothing_that_hints_at_it() -> None:
    shared = view("Ana", remarks=(remark("The board listened"),))
    hidden = view(
        "Ana",
        commitment(1, "Find another job", due=TODAY, audience=Audience.PRIVATE),
        remarks=(remark("The board listened"), remark("I want to leave", kind="wish", audience=Audience.PRIVATE)),
        ratings=tuple(replace(r, audience=Audience.PRIVATE) for r in ratings("confidence", (9, 9), (5, 5), (1, 1))),
    )
    assert read(hidden) == read(shared)


def test_who_shows_nothing_is_shown_with_nothing() -> None:
    seen = view("Ana", commitment(1, "Call Sam", due=TODAY), visible="none", remarks=(remark("A decision"),))
    assert read(seen)[-1] == "Ana shares nothing here for now."
    assert not any("Sam" in line or "decision" in line for line in read(seen))


def test_all_done_asks_for_a_braver_step() -> None:
    seen = view("Ana", commitment(1, "A", due=days_ago(2), standing=Standing.DONE, reported=days_ago(2)))
    assert any("braver step" in line for line in read(seen))


def test_not_all_is_done_where_another_item_was_moved_or_let_go() -> None:
    done = commitment(1, "A", due=days_ago(2), standing=Standing.DONE, reported=days_ago(2))
    later = TODAY + timedelta(days=5)
    for other in (
        commitment(2, "B", due=later, moved=1, reported=days_ago(1)),
        commitment(2, "B", due=later, moved=1),
        commitment(2, "B", due=later, standing=Standing.DROPPED, reported=days_ago(1)),
        commitment(2, "B", due=later, report="partly", slips=1, reported=days_ago(1)),
    ):
        assert not any("All of it done" in line for line in read(view("Ana", done, other)))
    assert any("All of it done" in line for line in read(view("Ana", done, commitment(2, "B", due=later))))


def test_confidence_is_told_for_each_commitment_by_itself() -> None:
    plan, sam = commitment(1, "Hand over the plan"), commitment(2, "Call Sam")
    given = [replace(r, about="c1") for r in ratings("confidence", (9, 20), (8, 15), (7, 9), (6, 6), (5, 2))]
    given += [replace(r, about="c2") for r in ratings("confidence", (3, 1))]
    given += ratings("confidence", (4, 18))
    lines = read(view("Ana", plan, sam, ratings=tuple(given)))
    assert [line for line in lines if line.startswith(("Confidence,", "Confidence:"))] == [
        "Confidence, Call Sam: 3 (Tue 3 Mar)",
        "Confidence, Hand over the plan: 8 (Tue 17 Feb), 7 (Mon 23 Feb), 6 (Thu 26 Feb), 5 (Mon 2 Mar)",
        "Confidence: 4 (Sat 14 Feb)",
    ]


def test_a_pattern_needs_four_of_each_day() -> None:
    friday, tuesday = days_ago(5), days_ago(1)
    slipped = [commitment(n, due=friday - timedelta(weeks=n)) for n in range(4)]
    kept = [commitment(9 + n, due=tuesday - timedelta(weeks=n), standing=Standing.DONE) for n in range(4)]
    (line,) = patterns([*slipped, *kept], TODAY)
    assert WORDING.render(line) == "A pattern: due on Friday, 4 of 4 slipped; due on Tuesday, 4 of 4 got done."
    assert list(patterns([*slipped[1:], *kept], TODAY)) == []
    assert list(patterns([*slipped, *kept[1:]], TODAY)) == []


def test_it_fits_one_screen_however_much_there_is() -> None:
    many = [commitment(n, "A promise of many words " * 9, due=days_ago(n % 9 + 1)) for n in range(1, 40)]
    said = tuple(remark("Words " * 90, kind=kind) for kind in ("wish", "win", "obstacle", "moved") for _ in range(20))
    lines = read(view("Ana", *many, remarks=said), *[PROMISE] * 20)
    assert len(lines) <= 45
    assert len("\n".join(lines)) < 4000
