"""What leaves towards a sponsor: an approved report, and the link to a page where the sponsor answers."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.coaching.practice.code_lifetimes import LIVES
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.sponsor.commands import BACK
from bot.engine.files import file_of
from bot.messages.outgoing import Choice, Message
from bot.model.phrases import Phrase, phrase
from bot.model.records import Consented, DataAsked, Stopped
from bot.model.records_plan import GoalChanged, LinksTakenBack, ReportMade, WishAsked
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
        of = "" if record.by_client else f"{ref_of(record.engagement)} "
        _say_link(unit, hands_on, phrase("report_with_link", link=link[0], until=link[1]), of)
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
    _say_link(unit, unit.known, said, f"{ref_of(record.engagement)} " if link is not None else None)


def _say_link(unit: UnitOfWork, person: Known, said: Phrase, of: str | None) -> None:
    """Tell a link, with a button that takes it back; `of` names the client, to a coach, and is None without a link."""
    wording = wording_for(unit, person)
    back = () if of is None else (Choice(value=f"/sponsor {of}{BACK}", label=wording.say("sponsor_link_back")),)
    post(unit, person, Message(text=wording.render(said), choices=back))


def _link(unit: UnitOfWork, engagement: str, kind: str, text: str) -> tuple[str, object] | None:
    """A fresh one-time link and its last local day; None where no pages are served."""
    pages = unit.library.links.get(WEB)
    if pages is None:
        return None
    code, expires = invites.new_code(), unit.clock + LIVES["sponsor"]
    guest_links.add(unit.connection, code, engagement=engagement, kind=kind, at=unit.now, expires_at=expires, text=text)
    return f"{pages.to}/{code}", expires.astimezone(ZoneInfo(unit.known.home)).date()


def links_taken_back(unit: UnitOfWork, record: LinksTakenBack) -> None:
    """Client or coach takes the links of an engagement of theirs back."""
    own = engagements_as_client(unit.connection, unit.known.id)
    own += engagements_as_coach(unit.connection, unit.known.id)
    if any(coached.engagement.id == record.engagement for coached in own):
        guest_links.take_back(unit.connection, record.engagement)


def stopped(unit: UnitOfWork, record: Stopped | DataAsked) -> None:
    """With a stop, or with all that is somebody's, the links for a sponsor are gone."""
    if isinstance(record, DataAsked) and record.kind != "erase":
        return
    for coached in engagements_as_client(unit.connection, unit.known.id):
        guest_links.take_back(unit.connection, coached.engagement.id)


def consented(unit: UnitOfWork, record: Consented) -> None:
    """Whoever takes their yes to the programme back shows a sponsor nothing, either."""
    if record.choice != "no" or record.kind != "programme":
        return
    for coached in engagements_as_client(unit.connection, unit.known.id):
        if record.engagement in ("", coached.engagement.id):
            guest_links.take_back(unit.connection, coached.engagement.id)


def worded(unit: UnitOfWork, record: GoalChanged) -> None:
    """Words that the client takes back are in no report any more that waits behind a link."""
    if record.kind == "sponsor" and record.key.startswith("sponsor:") and not record.sponsor_text:
        for coached in engagements_as_client(unit.connection, unit.known.id):
            guest_links.take_back(unit.connection, coached.engagement.id, guest_links.REPORT)


EFFECTS = Effects(
    name="sponsor",
    once={ReportMade: report_made, WishAsked: wish_asked, LinksTakenBack: links_taken_back},
    also={Stopped: stopped, DataAsked: stopped, Consented: consented, GoalChanged: worded},
)
