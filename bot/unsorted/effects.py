"""The effects that no feature has taken yet. Each feature takes its own from here; empty, it goes."""

from bot.model.records import PreferencesChanged
from bot.transaction.card import Effects
from bot.unsorted.general_effects import RECORDS, preferences_changed

EFFECTS = (
    Effects(name="unsorted: records", once=RECORDS),
    Effects(name="unsorted: after settings", also={PreferencesChanged: preferences_changed}),
)
