"""The coaching framework in its seven phases, and the dialogue that serves each of its parts; none may be missing."""

from dataclasses import dataclass

import pytest

from bot.app import functions, library
from bot.engine.dialogue.load import load_dialogues
from bot.model.plan import Phase

LIBRARY = library()
QUESTIONNAIRES = "questionnaires and the 360 come with a later issue, and the phase has their place"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the framework: where it stands, the dialogues that serve it, or why it is yet to come."""

    phase: Phase
    name: str
    dialogues: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    later: str = ""


def part(phase: Phase, name: str, *dialogues: str, commands: tuple[str, ...] = (), later: str = "") -> Part:
    return Part(phase=phase, name=name, dialogues=dialogues, commands=commands, later=later)


ONE, TWO, THREE = Phase.RELATIONSHIP, Phase.ASSESSMENT, Phase.PLANNING
FOUR, FIVE, SIX, SEVEN = Phase.COACHING, Phase.REVIEW, Phase.CLOSING, Phase.FOLLOW_UP

PARTS = (
    part(ONE, "first meeting: consent and confidentiality", "welcome"),
    part(ONE, "first meeting: objectives and expectations", "first-picture"),
    part(ONE, "first goals", "welcome", "first-picture", "commitment"),
    part(ONE, "contracting: roles, responsibilities, timelines, scope", "agreement", "agreement-confirm"),
    part(ONE, "the sponsor's wish", "sponsors-wish"),
    part(TWO, "self-assessment: strengths, weaknesses, values, aspirations", "strengths-and-direction"),
    part(TWO, "personality", later=QUESTIONNAIRES),
    part(TWO, "leadership self-rating", later=QUESTIONNAIRES),
    part(TWO, "choosing raters", later=QUESTIONNAIRES),
    part(TWO, "360 from peers, superiors and reports", later=QUESTIONNAIRES),
    part(TWO, "making sense of it", later=QUESTIONNAIRES),
    part(THREE, "specific objectives", "goal"),
    part(THREE, "measurable results", "ladder", "ladder-confirm"),
    part(THREE, "milestones with dates", "milestones"),
    part(THREE, "realistic: challenging and attainable", "milestones", "ladder"),
    part(THREE, "resources and support", "milestones"),
    part(THREE, "commitments with a moment and a day", "commitment"),
    part(THREE, "what a sponsor may read", "sponsor-wording"),
    part(FOUR, "before a session: reflect", "before-session"),
    part(FOUR, "after a session: accountability", "after-session"),
    part(FOUR, "the coach's note", "coachs-note"),
    part(FOUR, "developing skills by practice", "practice-echo"),
    part(FOUR, "solving problems between sessions", "think-it-through", commands=("stuck",)),
    part(FOUR, "new perspectives", "another-angle", commands=("angle",)),
    part(FOUR, "feedback from the coach", "word-from-coach", commands=("note",)),
    part(FIVE, "the week's focus", "monday-focus"),
    part(FIVE, "what is due today", "due-today"),
    part(FIVE, "periodic check-ins", "weekly-checkin", commands=("checkin",)),
    part(FIVE, "after a slip", "after-a-slip"),
    part(FIVE, "coming back after a silence", "coming-back"),
    part(FIVE, "progress reviews with levels and evidence", "review"),
    part(FIVE, "what colleagues notice", later=QUESTIONNAIRES),
    part(FIVE, "adjusting the objectives", "adjust"),
    part(SIX, "progress against the first goals", "looking-back"),
    part(SIX, "celebrating, and what was learned", "celebrate"),
    part(SIX, "the transition plan", "next-chapter"),
    part(SIX, "feedback on the coaching", "about-the-coaching"),
    part(SIX, "what the sponsor reads at the end", "sponsor-close"),
    part(SIX, "what becomes of the data", "your-data"),
    part(SEVEN, "check-ins afterwards, and further sessions if needed", "follow-up"),
    part(SEVEN, "coaching oneself, month by month", "self-coaching"),
    part(SEVEN, "whether the change lasts, as noticed by others", later=QUESTIONNAIRES),
    part(SEVEN, "the last good-bye", "last-good-bye"),
)


@pytest.mark.parametrize("wanted", PARTS, ids=lambda found: f"{found.phase}: {found.name}")
def test_every_part_of_the_framework_is_served(wanted: Part) -> None:
    if wanted.later:
        assert not wanted.dialogues
        return
    assert wanted.dialogues
    for name in wanted.dialogues:
        assert ("en", name) in LIBRARY.dialogues, f"'{name}' is missing, which serves: {wanted.name}"
    for verb in wanted.commands:
        assert verb in functions().commands, f"the command '{verb}' is missing, which serves: {wanted.name}"


def test_every_phase_but_the_end_has_parts_and_no_part_stands_twice() -> None:
    assert {found.phase for found in PARTS} == set(Phase) - {Phase.ENDED}
    assert len({(found.phase, found.name) for found in PARTS}) == len(PARTS)


def test_what_serves_a_part_writes_something_down_or_leads_to_what_does() -> None:
    silent = {name for found in PARTS for name in found.dialogues if not LIBRARY.dialogues["en", name].outcome}
    assert silent <= {"after-a-slip"}, "a dialogue without an outcome leaves nothing behind"


def test_the_library_is_what_lies_in_the_folder() -> None:
    assert {key[1] for key in load_dialogues()} == {key[1] for key in LIBRARY.dialogues}
