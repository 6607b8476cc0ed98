"""What consents and a yes to the agreement bring about."""

from bot.coaching.relationship.rules import WHAT_COACH_SEES
from bot.model.records import Consented
from bot.model.records_plan import AgreementConfirmed
from bot.transaction.card import Effects
from bot.transaction.consents import keep_consent
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements
from storage.programme import agenda, agreements


def consented(unit: UnitOfWork, record: Consented) -> None:
    """A word on the programme or on what the coach sees, for one engagement of the client or for all."""
    found = [c.engagement for c in engagements.engagements_as_client(unit.connection, unit.known.id)]
    meant = [each for each in found if record.engagement in ("", each.id)]
    own = [each.id for each in meant]
    if record.kind == "coach_sees":
        visible = {"described": "described", "status": "status"}.get(record.choice, "none")
        for engagement in own:
            engagements.change_engagement(unit.connection, engagement, visible=visible)
            agenda.unschedule(unit.connection, engagement=engagement, dialogue=WHAT_COACH_SEES)
    keep_consent(unit, own, kind=record.kind, choice=record.choice, dialogue=record.asked_in)
    if record.kind == "programme" and record.choice == "yes":
        unit.agreed += [each.id for each in meant if each.state == "active" and not each.agreed]
        for engagement in unit.agreed:
            agenda.bring_forward(unit.connection, unit.known.id, engagement, unit.today)
        unit.wish(since=unit.today, stopped=False)


def agreement_confirmed(unit: UnitOfWork, record: AgreementConfirmed) -> None:
    """A yes to this version of the agreement; once both have said it, it holds."""
    agreements.confirm(unit.connection, record, unit.today)


EFFECTS = Effects(name="relationship", once={Consented: consented, AgreementConfirmed: agreement_confirmed})
