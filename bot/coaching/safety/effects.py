"""The hold after a client wrote of danger: to whoever looks, a pause without an end that the client sent."""

from bot.coaching.rhythm.effects import rest
from bot.model.people.preferences import Pause
from bot.model.records import PausedForSafety
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork


def hold(unit: UnitOfWork, record: PausedForSafety) -> None:
    """Nothing more is asked until the client says so."""
    rest(unit, Pause(first=unit.today))
    unit.wish(held=unit.now)


EFFECTS = Effects(name="safety", once={PausedForSafety: hold})
