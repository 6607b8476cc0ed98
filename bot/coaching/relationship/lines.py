"""The working agreement as it is read."""

from bot.coaching.relationship.rules import SPONSOR, TERMS
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Agreement


def agreement_lines(agreement: Agreement) -> tuple[Phrase, ...]:
    """The agreement, one line a term; terms that were left open are left out."""
    lines = [phrase("agreement_version", version=agreement.version)]
    for name in TERMS:
        words = agreement.terms.get(name)
        if words:
            lines.append(phrase(f"agreement_{name}", words=term_in_words(name, words)))
    if agreement.until is not None:
        lines.append(phrase("agreement_until", day=agreement.until))
    return tuple(lines)


def term_in_words(name: str, said: str) -> str | Phrase:
    """One term: the sponsor's part is kept as its value, all else as it was said."""
    return phrase(f"agreement_sponsor_{said}") if name == "sponsor" and said in SPONSOR else said
