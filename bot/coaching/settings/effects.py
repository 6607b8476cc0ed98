"""Carrying out settings: how somebody is asked, and where they are reached."""

from dataclasses import replace
from typing import Any

from bot.model.records import ChatPreferred, PreferencesChanged
from bot.time_zones import local_day
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import addresses, engagements, people


def _preferences_changed(unit: UnitOfWork, record: PreferencesChanged) -> None:
    columns: dict[str, Any] = {}
    if record.name:
        columns["name"] = record.name
        engagements.keep_names(unit.connection, unit.known.id, unit.known.name)
    if record.zone:
        columns["home"] = record.zone
    if record.language:
        wording = unit.library.wording_at(record.language, record.zone or unit.known.home)
        columns |= {"language": wording.language, "locale": wording.locale}
    rhythmic = {"pace", "weekday", "at", "working_days"}
    changes = {
        name: getattr(record, name) for name in (*rhythmic, "focus", "daily_until") if getattr(record, name) is not None
    }
    if record.pace is not None:
        changes["daily_until"] = record.daily_until
    if record.add_holiday is not None:
        changes["holidays"] = unit.known.wishes.holidays | {record.add_holiday}
    if rhythmic & changes.keys():
        columns["rhythm_since"] = unit.now
    if columns:
        people.change_person(unit.connection, unit.known.id, **columns)
        unit.known = replace(unit.known, **columns)
        unit.today = local_day(unit.now, unit.known.zone_at(unit.now))
    unit.wish(**changes)


def _preferred(unit: UnitOfWork, record: ChatPreferred) -> None:
    if unit.reply_to is not None:
        addresses.prefer(unit.connection, unit.known.id, unit.reply_to.id)


EFFECTS = Effects(
    name="settings",
    once={PreferencesChanged: _preferences_changed, ChatPreferred: _preferred},
)
