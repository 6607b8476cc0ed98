"""What a client said of a commitment: that it is made, and what became of it."""

from dataclasses import dataclass, replace
from datetime import date

from bot.model.commitments.values import Commitment, Standing
from bot.model.people.answers import Audience


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitmentMade:
    """A commitment made; `key` tells several of one run apart.

    `goal` is what it is a step towards; one of another engagement is left out.
    """

    key: str
    text: str
    due: date | None = None
    cue: str = ""
    proof: str = ""
    confidence: int | None = None
    audience: Audience = Audience.COACH
    engagement: str = ""
    goal: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """A word on a commitment: `report` is done, partly, not_yet, let_go, moved, on_track or held.

    `due` is the new date, when one was given; `text` the new wording, when it was made smaller.
    """

    key: str
    commitment: str
    report: str
    due: date | None = None
    text: str = ""
    note: str = ""
    note_audience: Audience = Audience.COACH

    @property
    def standing(self) -> Standing:
        """Where the commitment stands after this word."""
        return {"done": Standing.DONE, "let_go": Standing.DROPPED}.get(self.report, Standing.OPEN)

    def applied_to(self, commitment: Commitment, day: date) -> Commitment:
        """The commitment as it stands after this report, made on a local day. Only a later date counts as moved."""
        due, moved, moved_days = commitment.due, commitment.moved, commitment.moved_days
        if self.report == "parked":
            due = None
        elif self.due is not None and self.due != due:
            if due is not None and self.due > due:
                moved, moved_days = moved + 1, moved_days + (self.due - due).days
            due = self.due
        return replace(
            commitment,
            due=due,
            moved=moved,
            moved_days=moved_days,
            text=self.text or commitment.text,
            smaller=day if self.text and self.text != commitment.text else commitment.smaller,
            slips=commitment.slips + (self.report in ("not_yet", "partly")),
            slipped=commitment.slipped or self._slips(commitment),
            standing=self.standing,
            reported=day,
            report=self.report,
        )

    def _slips(self, commitment: Commitment) -> bool:
        """Not done, or done in part for the second time."""
        return self.report == "not_yet" or (self.report == "partly" and commitment.slips > 0)
