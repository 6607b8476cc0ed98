"""The working agreement: which terms it has, how they read, and what follows from them."""

from bot.model.phrases import Phrase, phrase
from bot.model.plan import NO_SPONSOR, Agreement

# The questions of the dialogue that drafts it, in order. What was tapped is kept as the words on the button.
TERMS = ("scope", "roles", "rhythm", "stays", "sponsor", "gives_way", "early")
SPONSOR = (*NO_SPONSOR, "attendance", "goals")


def agreement_lines(agreement: Agreement) -> tuple[Phrase, ...]:
    """The agreement, one line a term; terms that were left open are left out."""
    lines = [phrase("agreement_version", version=agreement.version)]
    for name in TERMS:
        words = agreement.terms.get(name)
        if words:
            said = phrase(f"agreement_sponsor_{words}") if name == "sponsor" and words in SPONSOR else words
            lines.append(phrase(f"agreement_{name}", words=said))
    if agreement.until is not None:
        lines.append(phrase("agreement_until", day=agreement.until))
    return tuple(lines)
