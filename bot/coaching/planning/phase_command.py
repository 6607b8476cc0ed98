"""`phase NAME`: where an engagement stands and what lies ahead; `phase NAME to closing` moves it."""

from datetime import datetime

from bot.coaching.planning.phases import COACH, STAGES, left_out, parts_named, passed_over
from bot.coaching.shared.cards import Command
from bot.coaching.shared.lines import phrase_list
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Phase, Plan
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client_and_more

_STEPS_SHOWN = 6


def _phase(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    first, _, behind = reading.rest.partition(" ")
    wanted = phase_named(reading.means(behind if reading.means(first) == "to" else reading.rest))
    if not reading.rest:
        return _where(view)
    if wanted is None:
        names = [phrase("phase_name_line", name=phase.value, phase=phrase(f"phase_{phase}")) for phase in Phase]
        return Reply(says=(phrase("phase_unknown", names=names),))
    if wanted is view.plan.phase:
        return Reply(says=(phrase("phase_there", phase=phrase(f"phase_{wanted}")),))
    return _moved(view, wanted)


def phase_named(text: str) -> Phase | None:
    """The phase that a word means; "follow-up" and "follow up" too."""
    bare = "_".join(text.lower().replace("-", " ").split())
    return next((phase for phase in Phase if phase.value == bare), None)


def _where(view: ClientView) -> Reply:
    plan, name = view.plan, view.engagement.client_name
    stage = STAGES[plan.phase]
    lines: list[Phrase] = [phrase("phase_now", client=name, phase=phrase(f"phase_{plan.phase}"))]
    lines += [phrase("phase_paused")] if view.paused else []
    left = phrase("done_mark" if stage.left(plan) else "open_mark")
    lines.append(phrase("phase_leaves", what=phrase(f"phase_left_{plan.phase}"), done=left))
    lines += _history(plan)
    lines += _ahead(plan)
    return Reply(says=(phrase("in_lines", lines=lines),))


def _history(plan: Plan) -> list[Phrase]:
    found: list[Phrase] = []
    for step in plan.steps[-_STEPS_SHOWN:]:
        skipped = [*(phrase(f"phase_{phase}") for phase in step.skipped), *parts_named(step.without)]
        key = "phase_step_skipped" if skipped else "phase_step"
        by = phrase(f"phase_by_{step.by}")
        found.append(phrase(key, day=step.day, phase=phrase(f"phase_{step.phase}"), by=by, skipped=_named(skipped)))
    return found


def _named(phases: list[Phrase]) -> Phrase | str:
    return phrase_list(phases) if phases else ""


def _ahead(plan: Plan) -> list[Phrase]:
    order = list(Phase)
    later = order[order.index(plan.phase) + 1 :][:1]
    return [
        phrase(
            "phase_next",
            phase=phrase(f"phase_{phase}"),
            name=phase.value,
            ready=phrase(f"phase_ready_{phase}"),
            done=phrase("done_mark" if STAGES[phase].ready(plan) else "open_mark"),
        )
        for phase in later
    ]


def _moved(view: ClientView, wanted: Phase) -> Reply:
    """Nothing blocks: what was passed over is said, and kept on record."""
    plan, engagement = view.plan, view.engagement
    skipped = passed_over(plan, wanted)
    lacks = left_out(plan, wanted)
    says = [phrase("phase_moved", client=engagement.client_name, phase=phrase(f"phase_{wanted}"))]
    if skipped or lacks:
        over = [*(phrase(f"phase_{phase}") for phase in skipped), *parts_named(lacks)]
        says.append(phrase("phase_skips", skipped=_named(over)))
    elif not STAGES[wanted].ready(plan):
        says.append(phrase("phase_early", ready=phrase(f"phase_ready_{wanted}")))
    return Reply(
        says=tuple(says),
        records=(PhaseMoved(engagement=engagement.id, phase=wanted, by=COACH, skipped=skipped),),
    )


PHASE = Command(verb="phase", who=Who.COACH, about=_phase, more=True, in_free_text=a_client_and_more)
