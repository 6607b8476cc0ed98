"""Carrying out habits and what was told of them: replaced as a whole by the run that wrote them, or taken back.

The days on which somebody wants to be asked about theirs stand on the agenda, in their rhythm; what is kept from the
coach has messages of its own (`bot.coaching.kept.effects`).
"""

from bot.coaching.habits.rules import ASKED_AT, HABIT_TODAY, days_off, days_to_ask
from bot.engine.effects import WriteRecords
from bot.model.habits.records import HabitChanged, HabitMade, HabitTold
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements, people
from storage.programme import agenda, habits


def _of_run(unit: UnitOfWork, write: WriteRecords) -> None:
    day = write.day or unit.today
    habits.write(unit.connection, write.records, person=unit.known.id, run=write.run, day=day, at=unit.now)
    _put_on_agenda(unit)


def _taken_back(unit: UnitOfWork, run: str) -> None:
    habits.write(unit.connection, (), person=unit.known.id, run=run, day=unit.today, at=unit.now)
    _put_on_agenda(unit)


def _put_on_agenda(unit: UnitOfWork) -> None:
    """Put the days ahead on the agenda anew, of each engagement that has any."""
    connection, person = unit.connection, unit.known
    known = habits.habits(connection, person.id)
    off = days_off(person.wishes, people.pauses(connection, person.id))
    for engagement in (coached.engagement.id for coached in engagements.engagements_as_client(connection, person.id)):
        own = [habit for habit in known if habit.engagement == engagement and not habit.private]
        agenda.unschedule(connection, engagement=engagement, dialogue=HABIT_TODAY, person=person.id)
        for day in days_to_ask(own, unit.today, off):
            agenda.schedule(
                connection, person=person.id, engagement=engagement, dialogue=HABIT_TODAY, day=day, at=ASKED_AT
            )


EFFECTS = Effects(
    name="habits",
    of_run=_of_run,
    of_run_kinds=(HabitMade, HabitTold, HabitChanged),
    taken_back=_taken_back,
)
