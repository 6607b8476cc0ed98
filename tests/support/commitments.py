"""Ana's commitments, as the tests of what she says at any time have them."""

from datetime import date
from typing import Any

from bot.model.commitments.values import Standing
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from tests.support.facts import TODAY, commitment, days_ago, facts

FRIDAY = date(2026, 3, 6)
PLAN = commitment(1, "Hand over the Q2 plan", due=FRIDAY)
BOB = commitment(2, "Call Bob", due=TODAY)
MINE = commitment(3, "Look around", audience=Audience.PRIVATE)
DONE = commitment(4, "Friday report", standing=Standing.DONE, reported=days_ago(5), report="done")


def ana(**changes: Any) -> Facts:
    """Ana with two open commitments, a private one, and one that is done."""
    return facts(PLAN, BOB, MINE, DONE, **changes)
