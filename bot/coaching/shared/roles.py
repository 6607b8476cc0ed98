"""Who may say what: commands look at the role of whoever asks, and `help` shows that person's own."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.messages import Reading
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Reply

Command = Callable[[Reading, Facts, datetime], Reply]

_FIRST = ("log", "commit", "progress", "pause", "private", "help")
CLIENT_VERBS = (
    *_FIRST,
    "goals",
    "agreement",
    "sponsor",
    "checkin",
    "undo",
    "callme",
    "resume",
    "travel",
    "whosees",
    "whatmycoachsees",
    "session",
    "brief",
    "stuck",
    "angle",
    "accesslog",
    "review",
    "adjust",
    "closing",
    "assessment",
    "pictures",
    "settings",
    "language",
    "link",
    "start",
    "stop",
    "export",
    "delete",
)
_COACH_FIRST = ("clients", "client", "digest", "brief", "session", "note", "invite", "program")
COACH_VERBS = (
    *_COACH_FIRST,
    "away",
    "pictures",
    "goals",
    "ladder",
    "agreement",
    "sponsor",
    "phase",
    "confirm",
    "leave",
    "handover",
    "settings",
    "language",
    "report",
    "review",
    "adjust",
    "close",
    "reopen",
    "reconnect",
    "preview",
    "link",
    "export",
    "delete",
    "help",
)
# What a coach says with a client's name, or of another thing than a client does.
_COACHS_OWN = frozenset(
    {"session", "brief", "pictures", "goals", "agreement", "sponsor", "settings", "review", "adjust"}
)


def help_line(verb: str, *, coach: bool) -> Phrase:
    """What explains a command, to a coach or to a client."""
    return phrase(f"help_coach_{verb}") if coach and verb in _COACHS_OWN else phrase(f"help_{verb}")


def explained() -> tuple[tuple[str, str], ...]:
    """Every command that help shows, with the key of the line that explains it, in either role."""
    found = [(verb, help_line(verb, coach=False).key) for verb in CLIENT_VERBS]
    return (*found, *((verb, help_line(verb, coach=True).key) for verb in COACH_VERBS))


def is_client(facts: Facts) -> bool:
    """The person is the client of some engagement, running or not."""
    return any(engagement.client == facts.person.id for engagement in facts.engagements)


def for_client(command: Command) -> Command:
    """The command, for clients only; others are told kindly."""

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        if is_client(facts):
            return command(reading, facts, now)
        return Reply(says=(phrase("for_clients" if facts.person.coach else "no_role"),))

    return run


def for_coach(command: Command) -> Command:
    """The command, for coaches only; others are told kindly."""

    def run(reading: Reading, facts: Facts, now: datetime) -> Reply:
        if facts.person.coach:
            return command(reading, facts, now)
        return Reply(says=(phrase("for_coaches" if is_client(facts) else "no_role"),))

    return run


def help_command(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What matters first in each role, one tap or `help all` for the rest, `help log` for one."""
    coach, client = facts.person.coach, is_client(facts)
    if not (coach or client):
        return Reply(says=(phrase("no_role"),))
    asked = reading.means(reading.rest)
    if asked in (*(CLIENT_VERBS if client else ()), *(COACH_VERBS if coach else ())):
        return Reply(says=(help_line(asked, coach=coach and asked in COACH_VERBS),))
    every = asked == "all"
    says: list[Phrase] = []
    if coach:
        of_coach = COACH_VERBS[:-1] if client else COACH_VERBS  # "help" once
        says += _listed(of_coach if every else _COACH_FIRST, "help_as_coach" if client else "", coach=True)
    if client:
        says += _listed(CLIENT_VERBS if every else _FIRST, "help_as_client" if coach else "")
    says += [phrase("help_anytime" if every else "help_more")]
    return Reply(says=tuple(says), buttons=() if every else (("/help all", phrase("help_all")),))


def _listed(verbs: Sequence[str], heading: str, *, coach: bool = False) -> list[Phrase]:
    lines = [phrase(heading)] if heading else []
    return [phrase("in_lines", lines=[*lines, *(help_line(verb, coach=coach) for verb in verbs)])]
