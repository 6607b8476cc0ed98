"""What leaves towards a sponsor: an approved report, and the link to a page where the sponsor answers."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.coaching.practice.code_lifetimes import LIVES
from bot.engine.files import file_of
from bot.messages.outgoing import Message
from bot.model.phrases import Phrase, phrase
from bot.model.records_plan import ReportMade, WishAsked
from bot.model.replies import Notification, Sheet
from bot.transaction.card import Effects
from bot.transaction.notify import notify, post, wording_for
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import guest_links, invites, people
from storage.people.engagements import engagements_as_client, engagements_as_coach
from storage.people.people import Known

WEB = "web"  # the name of the pages among the library's links
NAME = "sponsor-report.txt"


def report_made(unit: UnitOfWork, record: ReportMade) -> None:
    """Hand the approved lines to whoever passes them on, as a file and, where pages are served, as a one-time link."""
    own = engagements_as_client(unit.connection, unit.known.id)
    engagement = next((c.engagement for c in own if c.engagement.id == record.engagement), None)
    coach = people.person(unit.connection, engagement.coach) if engagement else None
    if engagement is None or coach is None:
        return
    client, coach_name = replace(unit.known, name=engagement.client_name), engagement.coach_name
    if not record.lines:
        notify(unit, Notification(person=coach.id, phrase=phrase("report_declined", client=client.name)))
        return
    document = _document(unit, record.lines, client, coach_name)
    hands_on, other = (client, coach) if record.by_client else (coach, client)
    key = "report_ready_client" if record.by_client else "report_ready_coach"
    wording = wording_for(unit, hands_on)
    sheet = Sheet(name=NAME, media="text/plain", text=document, caption=phrase(key, client=client.name))
    caption, file = file_of(sheet, wording)
    post(unit, hands_on, Message(text=caption, file=file))
    link = _link(unit, record.engagement, guest_links.REPORT, document)
    if link is not None:
        post(unit, hands_on, Message(text=wording.render(phrase("report_with_link", link=link[0], until=link[1]))))
    told = phrase("report_by_client" if record.by_client else "report_by_coach", client=client.name, coach=coach_name)
    notify(unit, Notification(person=other.id, phrase=told))


def _document(unit: UnitOfWork, lines: tuple[Phrase, ...], client: Known, coach: str) -> str:
    """The report as the sponsor reads it, in the client's language, since the client approved the words."""
    wording = unit.library.wording_of(client.language, client.locale, None)
    heading = phrase("report_heading", client=client.name, coach=coach, day=unit.today)
    parts = [heading, *lines, phrase("report_footer", client=client.name)]
    return "\n\n".join(wording.render(part) for part in parts) + "\n"


def wish_asked(unit: UnitOfWork, record: WishAsked) -> None:
    """Tell the coach the link of the page, which is theirs to pass on; the client never sends it."""
    mine = engagements_as_coach(unit.connection, unit.known.id)
    name = next((c.engagement.client_name for c in mine if c.engagement.id == record.engagement), None)
    if name is None:
        return
    link = _link(unit, record.engagement, guest_links.WISH, "")
    said = (
        phrase("sponsor_link_off", client=name)
        if link is None
        else phrase("sponsor_link", client=name, link=link[0], until=link[1])
    )
    post(unit, unit.known, Message(text=wording_for(unit, unit.known).render(said)))


def _link(unit: UnitOfWork, engagement: str, kind: str, text: str) -> tuple[str, object] | None:
    """A fresh one-time link and its last local day; None where no pages are served."""
    pages = unit.library.links.get(WEB)
    if pages is None:
        return None
    code, expires = invites.new_code(), unit.clock + LIVES["sponsor"]
    guest_links.add(unit.connection, code, engagement=engagement, kind=kind, at=unit.now, expires_at=expires, text=text)
    return f"{pages.to}/{code}", expires.astimezone(ZoneInfo(unit.known.home)).date()


EFFECTS = Effects(name="sponsor", once={ReportMade: report_made, WishAsked: wish_asked})
