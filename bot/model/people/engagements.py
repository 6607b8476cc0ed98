"""One coach and one client: the engagement, who covers it, how one joins it, and who has read of it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """Another coach is to read while a client's coach is away, on these local days of the client, both included.

    `agreed` is the client's yes to this very absence.
    """

    absence: str
    coach: str
    name: str
    first: date
    last: date
    agreed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """One coach and one client, as this person may see it.

    `visible` is what the client agreed the coach may see: `described`, `status` or `none`. Nothing reaches the coach
    before they have `confirmed` who it is that joined. `heir` is the coach to whom it is to be handed over. The zones
    are where the two live; sessions are told in both. `cover` is who reads while the coach is away. `began` is when it
    was made (UTC).
    """

    id: str
    coach: str
    coach_name: str
    client: str
    client_name: str
    state: str = "active"
    visible: str = "none"
    consents: frozenset[str] = frozenset()
    confirmed: bool = True
    heir: str = ""
    heir_name: str = ""
    cover: Cover | None = None
    coach_zone: str = "UTC"
    client_zone: str = "UTC"
    began: datetime | None = None

    @property
    def agreed(self) -> bool:
        """The client has said yes to being written to for this coach."""
        return "programme" in self.consents


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenInvite:
    """An invitation of a coach that nobody has used yet; `ref` names it without its code."""

    ref: str
    name: str
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Somebody read something of the client on a day: `who` is the coach's name, or empty for the operator."""

    day: date
    who: str
    what: str
