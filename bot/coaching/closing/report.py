"""The closing report: where each goal began and ended, for the client and the coach seen apart; one for either side.

It is made from what its reader may see: the client's own records, or a `ClientView`. Thanks and learnings stand in it
only where they were shared. T figures come last, for coach and client alone; nobody else reads a report.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.follow_up.rules import LOOKED_BACK_ON
from bot.coaching.planning.gas import standing
from bot.coaching.planning.goal_picture import goal_sketch
from bot.coaching.planning.goals import level_by, level_sentence, slippage_clause
from bot.coaching.planning.lines import score_lines
from bot.model.chart_data import Point
from bot.model.commitments.values import Commitment, Standing
from bot.model.people.answers import Audience, Rating, Remark
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Plan
from bot.model.replies import Sketch

_SHOWN = 6  # thanks, and learnings
_PICTURES = 3  # goals that are drawn
_SPAN = timedelta(days=28)  # one bar of commitments
_LEARNED = ("learning", "changed", "noticed", "proud")
_ABOUT = (("mattered", "ended_mattered"), ("fitted", "ended_fitted"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a report is made of, as its reader may see it; `began` and `ended` are local days of the client."""

    engagement: Engagement
    plan: Plan
    began: date
    ended: date
    commitments: tuple[Commitment, ...] = ()
    ratings: tuple[Rating, ...] = ()
    remarks: tuple[Remark, ...] = ()


def report_lines(record: Record, *, coach: bool) -> tuple[Phrase, ...]:
    """The report in words; `coach` is whose it is. What nobody told is left out, and said so where that matters."""
    engagement = record.engagement
    names = {"coach": engagement.coach_name, "client": engagement.client_name}
    lines = [phrase("ended_heading", first=record.began, last=record.ended, **names)]
    goals = looked_back_on(record.plan)
    for goal in goals:
        lines += _goal(goal, engagement)
        lines += _towards(goal, record)
    lines += score_lines(record.plan) if any(goal.ladder for goal in goals) else []
    lines += [] if goals else [phrase("ended_no_goals")]
    lines += kept_line(record.commitments, record.ended)
    lines += _unfinished(record)
    lines += _words(record.remarks, ("thanks",), "ended_thanks")
    lines += _words(record.remarks, _LEARNED, "ended_learned")
    lines += _about(record) if coach else []
    return (*lines, phrase("ended_for_coach" if coach else "ended_for_client", **names))


def looked_back_on(plan: Plan) -> list[Goal]:
    """The goals that a report speaks of, by number."""
    return sorted((goal for goal in plan.goals if goal.state in LOOKED_BACK_ON), key=lambda goal: goal.number)


def _goal(goal: Goal, engagement: Engagement) -> list[Phrase]:
    """One goal: the sentence of its level first, where it began, and the coach's view beside the client's."""
    lines = [phrase("ended_goal", number=goal.number, goal=goal.text, moved=slippage_clause(goal))]
    value, ladder = standing(goal), goal.ladder
    if ladder is None or value is None:
        return [*lines, phrase("ended_reached" if goal.state == "reached" else "ended_no_ladder")]
    began = phrase("ended_began", level=phrase(f"level_{ladder.baseline}")) if ladder.baseline is not None else ""
    final = level_by(goal, "client", final=True) is not None
    key = "ended_level" if final else "ended_level_earlier"
    lines.append(phrase(key, sentence=level_sentence(goal, value), level=phrase(f"level_{value}"), began=began))
    theirs = level_by(goal, "coach", final=True)
    if theirs is not None:
        said = "ended_coach_same" if theirs.value == value else "ended_coach_differs"
        level = phrase(f"level_{theirs.value}")
        lines.append(
            phrase(said, coach=engagement.coach_name, level=level, sentence=level_sentence(goal, theirs.value))
        )
    return lines


def _towards(goal: Goal, record: Record) -> list[Phrase]:
    """How many of the commitments that were steps towards a goal were done."""
    done, count, _ = kept([c for c in record.commitments if c.goal == goal.id], record.ended)
    return [phrase("ended_towards", done=done, count=count)] if count else []


def differences(goals: Collection[Goal], client: dict[str, int], coach: dict[str, int]) -> list[Phrase]:
    """Where the final levels of both differ, as something to talk about; `client` and `coach` are levels by goal."""
    return [
        phrase(
            "view_differs",
            goal=goal.text,
            client=phrase(f"level_{client[goal.id]}"),
            coach=phrase(f"level_{coach[goal.id]}"),
        )
        for goal in goals
        if goal.id in client and goal.id in coach and client[goal.id] != coach[goal.id]
    ]


def kept(commitments: Collection[Commitment], until: date) -> tuple[int, int, int]:
    """Commitments done, of how many that were settled or fell due by a day, and how many of those were let go."""
    done = sum(c.standing is Standing.DONE for c in commitments)
    dropped = sum(c.standing is Standing.DROPPED for c in commitments)
    late = sum(c.standing is Standing.OPEN and c.due is not None and c.due <= until for c in commitments)
    return done, done + dropped + late, dropped


def kept_line(commitments: Collection[Commitment], until: date) -> list[Phrase]:
    """Commitments kept, always with how many there were; nothing where there were none."""
    done, count, dropped = kept(commitments, until)
    if not count:
        return []
    return [
        phrase("ended_kept", done=done, count=count, dropped=phrase("ended_dropped", count=dropped) if dropped else "")
    ]


def _words(remarks: Collection[Remark], kinds: tuple[str, ...], heading: str) -> list[Phrase]:
    shared = [r for r in remarks if r.kind in kinds and r.audience is not Audience.PRIVATE][-_SHOWN:]
    lines = [phrase("ended_line", text=" ".join(r.text.split())) for r in shared]
    return [phrase(heading), *lines] if lines else []


def _unfinished(record: Record) -> list[Phrase]:
    """What the client called unfinished, and every commitment that is still open."""
    said = _words(record.remarks, ("unfinished",), "ended_unfinished")
    still = [c for c in record.commitments if c.standing is Standing.OPEN and c.text]
    lines = [phrase("ended_line", text=" ".join(c.text.split())) for c in still[:_SHOWN]]
    if not lines:
        return said
    return [*(said or [phrase("ended_unfinished")]), *lines]


def _about(record: Record) -> list[Phrase]:
    """What the client said about the coaching, where they shared it."""
    numbers = {r.kind: r.value for r in record.ratings if r.audience is not Audience.PRIVATE}
    lines = [phrase(key, value=numbers[kind]) for kind, key in _ABOUT if kind in numbers]
    lines += _words(record.remarks, ("coach_keeps",), "ended_coach_keeps")
    return [*lines, *_words(record.remarks, ("coach_changes",), "ended_coach_changes")]


# -- pictures --------------------------------------------------------------------------------------------------------


def report_sketches(record: Record) -> tuple[Sketch, ...]:
    """Each goal on its ladder as both saw it, and the commitments kept in every four weeks."""
    drawn = [goal_sketch(goal, record.engagement) for goal in looked_back_on(record.plan)[:_PICTURES] if goal.ladder]
    return (*drawn, *_kept_sketch(record))


def _kept_sketch(record: Record) -> tuple[Sketch, ...]:
    done, count, _ = kept(record.commitments, record.ended)
    if not count:
        return ()
    spans: dict[date, list[int]] = {}
    for commitment in record.commitments:
        day = commitment.due or commitment.reported or commitment.made
        if commitment.standing is not Standing.OPEN or (commitment.due is not None and commitment.due <= record.ended):
            start = record.began + _SPAN * max(0, (min(day, record.ended) - record.began) // _SPAN)
            of = spans.setdefault(start, [0, 0])
            of[0] += commitment.standing is Standing.DONE
            of[1] += 1
    points = tuple(Point(day=day, value=float(kept_), of=of) for day, (kept_, of) in sorted(spans.items()))
    told = phrase("ended_kept", done=done, count=count, dropped="")
    return (
        Sketch(
            kind="bars",
            name="commitments.png",
            title=phrase("picture_kept"),
            alt=told,
            caption=told,
            series=((phrase("picture_kept_series"), points),),
            low=0.0,
            high=float(max(of for _, of in spans.values())),
            missing=phrase("nothing_told"),
        ),
    )
