"""A consent as it is kept: what was agreed to or refused, to which words, and that it was said."""

from collections.abc import Iterable

from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.people import engagements


def keep_consent(unit: UnitOfWork, wanted: Iterable[str], *, kind: str, choice: str, dialogue: str) -> None:
    """Keep the word of the client for these engagements, under the version of the dialogue that asked, and note it."""
    version = unit.library.newest(dialogue, unit.known.language).version
    for engagement in wanted:
        engagements.add_consent(
            unit.connection,
            unit.known.id,
            engagement=engagement,
            kind=kind,
            choice=choice,
            version=version,
            at=unit.now,
        )
    audit.note(
        unit.connection,
        at=unit.now,
        role="own",
        actor=unit.known.id,
        verb=audit.CONSENTED,
        kind=f"{kind}: {choice}",
        subject=unit.known.id,
    )
