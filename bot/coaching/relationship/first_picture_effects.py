"""The first picture is asked in place of the preparation of the first session; where none is booked, on a day."""

from bot.coaching.programme.rules import wants
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import agenda
from storage.programme.plans import plan_of

FIRST_PICTURE = "first-picture"


def comes_before(unit: UnitOfWork, engagement: str, session: str, *, instead_of: str) -> None:
    """Put it in the place of what prepares that session, the first one; empty: there is none, or not any more.

    A session that is not the first any more, since another was booked before it, has its own preparation again.
    """
    for items in agenda.about(unit.connection, engagement=engagement, dialogue=FIRST_PICTURE):
        if items and items != (session,):
            agenda.exchange(unit.connection, engagement=engagement, items=items, old=FIRST_PICTURE, new=instead_of)
    if not session or not wants(plan_of(unit.connection, engagement).programme, FIRST_PICTURE):
        return
    place = (session,)
    if place in agenda.about(unit.connection, engagement=engagement, dialogue=instead_of) and not agenda.was_asked(
        unit.connection, engagement=engagement, dialogue=FIRST_PICTURE
    ):
        agenda.unschedule(unit.connection, engagement=engagement, dialogue=FIRST_PICTURE)
        agenda.exchange(unit.connection, engagement=engagement, items=place, old=instead_of, new=FIRST_PICTURE)
