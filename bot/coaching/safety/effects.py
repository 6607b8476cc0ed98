"""The hold after a client wrote of danger."""

from bot.model.records import PausedForSafety
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.outbox import rows as outbox


def hold(unit: UnitOfWork, record: PausedForSafety) -> None:
    """Nothing more is asked until the client says so; reminders went with the dialogues that were put away."""
    unit.wish(held=unit.now)
    outbox.cancel_prompts(unit.connection, unit.known.id, "held", unit.now)


EFFECTS = Effects(name="safety", once={PausedForSafety: hold})
