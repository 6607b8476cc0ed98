"""Who may see what: the whole table, cell by cell, and a canary that never reaches a coach."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.digest.client_lines import client_lines
from bot.coaching.digest.digest import weekly_digest
from bot.coaching.visibility.shown_plan import as_client
from bot.coaching.visibility.table import TABLE, Data, Once, Role, as_coach_sees, client_view, coach_plan, may_read
from bot.coaching.visibility.whosees import whosees_rows
from bot.features import CARDS, COMMANDS
from bot.messages.readings import Reading
from bot.model.commitments.values import Commitment, Standing
from bot.model.people.answers import Audience, Rating, Remark
from bot.model.people.preferences import Pause, Preferences
from bot.model.plan import Goal, Level, Milestone, Note, Plan
from bot.model.roles import Who
from tests.support.facts import (
    NOW,
    TODAY,
    asked,
    coach_facts,
    commitment,
    days_ago,
    engagement,
    facts,
    ratings,
    remark,
    say,
    spoken,
)

CLIENT, COACH, COVER, SPONSOR, RATER, OPERATOR = Role

# Who may ever read and write, with everything agreed, done and owned: the matrix, written down a second time.
EVER_READ = {
    Data.STATUS: {CLIENT, COACH, COVER},
    Data.WORDS: {CLIENT, COACH, COVER},
    Data.RATINGS: {CLIENT, COACH, COVER},
    Data.PRIVATE: {CLIENT},
    Data.COACH_NOTES: {COACH},
    Data.SIGNALS: {CLIENT, COACH, COVER},
    Data.BRIEF: {CLIENT, COACH, COVER},
    Data.ACTIVITY: {CLIENT, COACH, COVER},
    Data.INSTRUMENTS: {CLIENT, COACH, COVER},
    Data.VALUES: {CLIENT, COACH, COVER},
    Data.RATER_ANSWERS: {RATER},
    Data.RATER_REPORT: {CLIENT, COACH},
    Data.GOALS: {CLIENT, COACH, COVER, SPONSOR},
    Data.ROSTER: {CLIENT, COACH, COVER, SPONSOR, RATER},
    Data.EXPORT: {CLIENT, COACH},
    Data.AUDIT: {CLIENT, COACH},
    Data.DELIVERY: {OPERATOR},
}


@pytest.mark.parametrize(("role", "data"), list(product(Role, Data)))
def test_nobody_reads_beyond_the_table(role: Role, data: Data) -> None:
    everything = {"own": True, "active": True, "visible": "described", "audience": Audience.COACH, "done": tuple(Once)}
    assert may_read(role, data, **everything) is (role in EVER_READ[data])


@pytest.mark.parametrize(("role", "data"), list(product(Role, Data)))
def test_what_is_not_said_counts_as_no(role: Role, data: Data) -> None:
    assert may_read(role, data) is (data is Data.DELIVERY and role is OPERATOR)


# The matrix as it was agreed: a row of data, and for each role on what condition it may be read.
ASKED = """
commitments, check-ins | own       | addressed | addressed | no       | no         | no     | status words
ratings                | own       | addressed | addressed | no       | no         | no     | ratings
private entries        | own       | no        | no        | no       | no         | no     | private
coach's notes          | no        | own       | no        | no       | no         | no     | coach_notes
digest, signals, brief | own       | consented | consented | no       | no         | no     | signals brief
instrument results     | own       | shared    | shared    | no       | no         | no     | instruments
values                 | own       | shared    | shared    | no       | no         | no     | values
360 raw                | no        | no        | no        | no       | collecting | no     | rater_answers
360 report             | debriefed | related   | no        | no       | no         | no     | rater_report
days of activity       | own       | consented | consented | no       | no         | no     | activity
goal headlines         | own       | addressed | addressed | approved | no         | no     | goals
roster, phase          | own       | own       | related   | contract | own        | no     | roster
export, erase          | own       | own       | no        | no       | no         | no     | export
audit                  | own       | own       | no        | no       | no         | no     | audit
delivery, ids          | no        | no        | no        | no       | no         | always | delivery
"""
CASES: dict[str, dict[str, object]] = {
    "own": {"own": True},
    "addressed": {"active": True, "visible": "described", "audience": Audience.COACH},
    "consented": {"active": True, "visible": "described"},
    "related": {"active": True},
    "shared": {"active": True, "done": (Once.SHARED,)},
    "debriefed": {"own": True, "done": (Once.DEBRIEFED,)},
    "collecting": {"own": True, "done": (Once.COLLECTING,)},
    "approved": {"done": (Once.APPROVED,)},
    "contract": {"done": (Once.CONTRACTED,)},
    "always": {},
    "no": {"own": True, "active": True, "visible": "described", "audience": Audience.COACH, "done": tuple(Once)},
}


def _cells() -> list[tuple[Data, Role, str]]:
    rows = [[part.strip() for part in line.split("|")] for line in ASKED.strip().splitlines()]
    return [(Data(name), role, row[at]) for row in rows for name in row[7].split() for at, role in enumerate(Role, 1)]


@pytest.mark.parametrize(("data", "role", "agreed"), _cells())
def test_every_cell_says_what_was_agreed(data: Data, role: Role, agreed: str) -> None:
    case = CASES[agreed]
    assert may_read(role, data, **case) is (agreed != "no")  # type: ignore[arg-type]
    for missing in case:
        less = {name: value for name, value in case.items() if name != missing}
        assert not may_read(role, data, **less), f"{data} for {role} without {missing}"  # type: ignore[arg-type]


def test_the_agreed_matrix_speaks_of_every_kind_of_data() -> None:
    assert {data for data, _, _ in _cells()} == set(Data) == set(TABLE)


def test_every_kind_of_data_has_its_row() -> None:
    assert set(TABLE) == set(Data)


@pytest.mark.parametrize(
    ("data", "described", "status"),
    [
        (Data.STATUS, True, True),
        (Data.ACTIVITY, True, True),
        (Data.SIGNALS, True, True),
        (Data.BRIEF, True, True),
        (Data.WORDS, True, False),
        (Data.RATINGS, True, False),
        (Data.GOALS, True, False),
        (Data.PRIVATE, False, False),
    ],
)
def test_a_coach_and_their_cover_read_as_far_as_the_consent_goes(data: Data, described: bool, status: bool) -> None:
    def sees(role: Role, visible: str, *, active: bool = True) -> bool:
        return may_read(role, data, active=active, visible=visible, audience=Audience.COACH)

    for role in (COACH, COVER):
        assert [sees(role, "described"), sees(role, "status"), sees(role, "none")] == [described, status, False]
        assert not sees(role, "described", active=False)


@pytest.mark.parametrize(
    ("role", "data", "needed"),
    [
        (COACH, Data.INSTRUMENTS, Once.SHARED),
        (COACH, Data.VALUES, Once.SHARED),
        (CLIENT, Data.RATER_REPORT, Once.DEBRIEFED),
        (SPONSOR, Data.GOALS, Once.APPROVED),
        (SPONSOR, Data.ROSTER, Once.CONTRACTED),
        (RATER, Data.RATER_ANSWERS, Once.COLLECTING),
    ],
)
def test_some_things_have_to_happen_first(role: Role, data: Data, needed: Once) -> None:
    case = {"own": True, "active": True, "visible": "described", "audience": Audience.COACH}
    others = tuple(once for once in Once if once is not needed)
    assert may_read(role, data, **case, done=(needed,))
    assert not may_read(role, data, **case, done=others)


# -- what a coach is given -------------------------------------------------------------------------------------------


def test_with_everything_described_the_coach_reads_all_but_the_private() -> None:
    seen = as_coach_sees(
        engagement(),
        (commitment(1, "Open", confidence=7), commitment(2, "Mine", audience=Audience.PRIVATE), commitment(3, "Later")),
        (*ratings("energy", (6, 1)), Rating(kind="confidence", value=2, day=TODAY, about="c2")),
        (remark("Went well"), remark("Journal", audience=Audience.PRIVATE), remark("Helped", about="c2")),
    )
    assert [(c.text, c.confidence) for c in seen[0]] == [("Open", 7), ("Later", None)]
    assert [r.kind for r in seen[1]] == ["energy"]
    assert [r.text for r in seen[2]] == ["Went well"]


def test_no_gap_in_the_numbers_tells_of_a_private_one() -> None:
    shown, _, _ = as_coach_sees(
        engagement(), (commitment(1), commitment(2, audience=Audience.PRIVATE), commitment(3), commitment(4)), (), ()
    )
    assert [c.number for c in shown] == [1, 2, 3]


def test_what_was_shared_stays_whatever_private_words_are_in_it() -> None:
    """Were it gone, these words could be guessed."""
    mine = commitment(2, "Look for another job", audience=Audience.PRIVATE)
    focus = remark("look for another job (on Monday)", kind="focus")
    assert as_coach_sees(engagement(), (mine,), (), (focus,)) == ((), (), (focus,))


def test_a_private_rating_is_not_shown() -> None:
    mine = Rating(kind="energy", value=2, day=TODAY, audience=Audience.PRIVATE)
    assert as_coach_sees(engagement(), (), (mine,), ()) == ((), (), ())


def test_status_only_keeps_what_is_done_and_when() -> None:
    told = commitment(
        1, "Words", cue="At noon", proof="Signed", due=TODAY, moved=2, confidence=7, standing=Standing.DONE
    )
    shown, numbers, words = as_coach_sees(
        engagement(visible="status"), (told,), ratings("energy", (3, 1)), (remark("Words"),)
    )
    assert (shown[0].due, shown[0].moved, shown[0].standing) == (TODAY, 2, Standing.DONE)
    assert (shown[0].text, shown[0].cue, shown[0].proof, shown[0].confidence) == ("", "", "", None)
    assert numbers == words == ()


@pytest.mark.parametrize(
    "changes", [{"visible": "none"}, {"state": "invited"}, {"state": "closed"}, {"confirmed": False}]
)
def test_without_consent_or_relation_nothing_is_shown(changes: dict[str, str]) -> None:
    everything = ((commitment(1),), ratings("energy", (3, 1)), (remark("Words"),))
    assert as_coach_sees(engagement(**changes), *everything) == ((), (), ())
    seen = client_view(
        engagement(**changes),
        today=TODAY,
        wishes=Preferences(unanswered=5),
        pauses=(Pause(first=TODAY),),
        commitments=everything[0],
        ratings=everything[1],
        remarks=everything[2],
        asked=(asked(0),),
    )
    assert (seen.unanswered, seen.paused, seen.last_reply, seen.replies) == (0, False, None, ())
    assert (seen.asked, seen.pauses, seen.commitments) == ((), (), ())


def test_another_coach_sees_nothing_of_it() -> None:
    assert as_coach_sees(engagement(id="e2"), (commitment(1),), (), ()) == ((), (), ())


def test_the_view_tells_days_of_answers_but_not_of_private_ones() -> None:
    seen = client_view(
        engagement(visible="status"),
        today=TODAY,
        commitments=(commitment(1, made=days_ago(20), reported=days_ago(8)),),
        remarks=(remark("Journal", day=TODAY, audience=Audience.PRIVATE),),
        asked=(asked(2),),
    )
    assert (seen.replies, seen.asked) == ((days_ago(20), days_ago(8)), (asked(2),))


def test_status_only_shows_that_somebody_answered_and_not_what() -> None:
    seen = client_view(engagement(visible="status"), today=TODAY, ratings=ratings("energy", (3, 1)))
    assert (seen.last_reply, seen.replies, seen.ratings) == (days_ago(1), (days_ago(1),), ())


def test_what_lies_before_an_engagement_is_not_its_coachs() -> None:
    """Neither what was asked then, nor what was answered, nor a silence."""
    wishes = Preferences(unanswered=4, misses=(days_ago(30), days_ago(22), days_ago(15), days_ago(3)))
    given = {"asked": (asked(9), asked(2, "answered")), "ratings": ratings("energy", (5, 9), (5, 2))}
    seen = client_view(engagement(began=NOW - timedelta(days=5)), today=TODAY, wishes=wishes, **given)
    assert (seen.asked, seen.replies) == ((asked(2, "answered"),), (days_ago(2),))
    assert (seen.misses, seen.unanswered) == ((days_ago(3),), 1)


def test_who_said_stop_is_quiet_by_choice() -> None:
    seen = client_view(engagement(), today=TODAY, wishes=Preferences(stopped=True, unanswered=6))
    assert (seen.paused, seen.paused_until, seen.stopped) == (True, None, True)


@pytest.mark.parametrize(
    ("pauses", "paused", "until"),
    [
        ((Pause(first=days_ago(3), last=TODAY),), True, TODAY),
        ((Pause(first=days_ago(3), last=days_ago(1)),), False, None),
        ((Pause(first=days_ago(3)),), True, None),
        ((Pause(first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=3)),), False, None),
    ],
)
def test_a_pause_counts_while_it_lasts(pauses: tuple[Pause, ...], paused: bool, until: date | None) -> None:
    seen = client_view(engagement(), today=TODAY, pauses=pauses)
    assert (seen.paused, seen.paused_until) == (paused, until)


# -- whosees ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("visible", "carla"), [("described", 7), ("status", 4), ("none", 0)])
def test_whosees_prints_the_rows_that_the_code_uses(visible: str, carla: int) -> None:
    rows = spoken(whosees_rows(engagement(visible=visible))).splitlines()
    watched = [row for row in rows if not row.startswith(("The coach's own", "That you are in coaching"))]
    watched = [row for row in watched if "(once you share it)" not in row]
    assert sum("Carla" in row for row in watched) == carla
    assert "Private entries: you" in rows
    assert any("a sponsor (only words that you approved)" in row for row in rows)


def test_before_the_coach_has_confirmed_who_joined_whosees_names_them_nowhere_but_in_conditions() -> None:
    rows = spoken(whosees_rows(engagement(confirmed=False))).splitlines()
    named = [row for row in rows if "Carla" in row and "(once you share it)" not in row]
    assert [row.partition(":")[0] for row in named] == [
        "That you are in coaching, and its stage",
        "The coach's own notes",
    ]


def test_whosees_names_nobody_as_reader_who_is_not_one() -> None:
    for row in whosees_rows(engagement()):
        said = spoken([row])
        assert "rater" not in said
        assert "you" in said or "own notes" in said


# -- the canary ------------------------------------------------------------------------------------------------------

CANARY = "kestrel"
days = st.dates(min_value=days_ago(40), max_value=TODAY + timedelta(days=20))
audiences = st.sampled_from(Audience)


def _commitments() -> st.SearchStrategy[Commitment]:
    return st.builds(
        commitment,
        st.integers(1, 9),
        st.just("Plain"),
        due=st.none() | days,
        audience=audiences,
        standing=st.sampled_from(Standing),
        moved=st.integers(0, 6),
        reported=st.none() | days,
        report=st.sampled_from(("", "partly", "not_yet", "done")),
        confidence=st.none() | st.integers(1, 10),
    )


@pytest.mark.patient
@given(
    visible=st.sampled_from(("described", "status", "none")),
    promises=st.lists(_commitments(), max_size=7, unique_by=lambda c: c.number),
    numbers=st.lists(
        st.builds(
            Rating,
            kind=st.sampled_from(("confidence", "energy")),
            value=st.integers(1, 10),
            day=days,
            about=st.sampled_from(("", "c1", "c2")),
            audience=audiences,
        ),
        max_size=6,
    ),
    words=st.lists(
        st.builds(
            Remark,
            kind=st.just("win"),
            text=st.just("Plain"),
            day=days,
            audience=audiences,
            about=st.sampled_from(("", "c1", "c2", "c3")),
        ),
        max_size=6,
    ),
    unanswered=st.integers(0, 7),
)
def test_a_canary_never_reaches_the_coach(
    visible: str, promises: list[Commitment], numbers: list[Rating], words: list[Remark], unanswered: int
) -> None:
    """Marked: every text that is private or whose words the consent withholds. Then everything a coach can read."""
    hidden = {c.id for c in promises if c.audience is Audience.PRIVATE}

    def marked(text: str, audience: Audience, about: str = "") -> str:
        shown = visible == "described" and audience is not Audience.PRIVATE and about not in hidden
        return text if shown else f"{text} {CANARY}"

    promises = [
        replace(c, text=marked(c.text, c.audience), cue=marked("cue", c.audience), proof=marked("proof", c.audience))
        for c in promises
    ]
    words = [replace(w, text=marked(w.text, w.audience, w.about)) for w in words]
    seen = client_view(
        engagement(visible=visible),
        today=TODAY,
        wishes=Preferences(unanswered=unanswered),
        commitments=promises,
        ratings=numbers,
        remarks=words,
        asked=(asked(0),),
    )
    carla = coach_facts(seen)
    said = [
        spoken(weekly_digest(carla.practice, TODAY).lines),
        spoken(client_lines(seen, TODAY)),
        *(
            spoken(COMMANDS[verb](Reading(text="ana", verb=verb, rest="ana"), carla, NOW).says)
            for verb, cards in CARDS.items()
            if Who.COACH in cards
        ),
    ]
    assert CANARY not in "\n".join(said) + repr(seen)


@pytest.mark.patient
@given(
    visible=st.sampled_from(("described", "status", "none")),
    promises=st.lists(_commitments(), max_size=6, unique_by=lambda c: c.number),
    private=st.lists(_commitments(), max_size=4, unique_by=lambda c: c.number),
)
def test_what_is_private_changes_nothing_that_a_coach_reads(
    visible: str, promises: list[Commitment], private: list[Commitment]
) -> None:
    """Not even counted: with and without the private ones, every line is the same."""
    shown = [replace(c, number=10 * c.number) for c in promises if c.audience is not Audience.PRIVATE]
    mine = [
        replace(c, id=f"m{c.number}", number=10 * c.number + 5, audience=Audience.PRIVATE, text=CANARY) for c in private
    ]
    given = {"today": TODAY, "wishes": Preferences(unanswered=2), "asked": (asked(0),)}
    numbers = [Rating(kind="energy", value=1, day=TODAY, about=c.id) for c in mine]
    words = [remark("Plain", about=c.id) for c in mine]
    without = client_view(engagement(visible=visible), commitments=shown, **given)
    with_them = client_view(
        engagement(visible=visible), commitments=[*mine, *shown], ratings=numbers, remarks=words, **given
    )
    assert with_them == without


def test_what_my_coach_sees_is_what_the_coach_looks_up() -> None:
    kept = (commitment(1, "Hand over the plan", due=TODAY), commitment(2, CANARY, audience=Audience.PRIVATE))
    ana = facts(*kept, ratings=ratings("energy", (6, 2)), remarks=(remark("Good talk"),), asked=(asked(1),))
    seen = client_view(
        engagement(),
        today=TODAY,
        commitments=kept,
        ratings=ana.ratings,
        remarks=ana.remarks,
        asked=ana.asked,
    )
    told = spoken(say("whatmycoachsees", ana).says)
    looked_up = spoken(say("client ana", coach_facts(seen)).says)
    assert looked_up.strip() in told
    assert "Hand over the plan" in looked_up
    assert "Good talk" in looked_up
    assert CANARY not in told + looked_up


# -- the plan --------------------------------------------------------------------------------------------------------

PLAN = Plan(
    goals=(
        Goal(id="g1", number=1, engagement="e1", text=CANARY, made=TODAY, state="active", withheld=("text",)),
        Goal(
            id="g2",
            number=2,
            engagement="e1",
            text="Straight talk",
            why=CANARY,
            ready=3,
            made=TODAY,
            state="active",
            withheld=("why", "ready"),
            levels=(
                Level(value=1, day=TODAY, ladder=1, evidence=CANARY, withheld=("evidence",)),
                Level(value=2, day=TODAY, ladder=1, cause=CANARY, withheld=("value",)),
            ),
            milestones=(
                Milestone(id="m1", number=1, text=CANARY, withheld=("text",)),
                Milestone(id="m2", number=2, text="Ask two peers"),
            ),
        ),
    ),
    notes=(
        Note(id="n1", engagement="e1", kind="note", text="kea", day=TODAY),
        Note(id="n2", engagement="e1", kind="word", text="Well said", day=TODAY),
    ),
)


def test_of_a_plan_the_coach_sees_no_goal_and_no_field_that_is_withheld() -> None:
    shown = coach_plan(engagement(), PLAN)
    assert CANARY not in repr(shown)
    (goal,) = shown.goals
    assert (goal.number, goal.text, goal.why, goal.ready) == (1, "Straight talk", "", None)
    assert [level.value for level in goal.levels] == [1]
    assert [step.text for step in goal.milestones] == ["Ask two peers"]
    assert len(shown.notes) == 2


@pytest.mark.parametrize("changes", [{"visible": "status"}, {"visible": "none"}, {"state": "closed"}])
def test_goals_are_words_and_follow_the_consent(changes: dict[str, str]) -> None:
    assert coach_plan(engagement(**changes), PLAN).goals == ()


def test_before_the_coach_has_confirmed_there_is_no_plan_at_all() -> None:
    assert coach_plan(engagement(confirmed=False), PLAN) == Plan()


def test_of_the_coachs_notes_a_client_reads_only_what_was_meant_for_them() -> None:
    assert [note.text for note in as_client(PLAN).notes] == ["Well said"]
    assert len(as_client(PLAN).goals) == 2
