"""Words that answer and say nothing: "no", "none", "-", in the language of whoever writes them."""

import unicodedata

from bot.rendering.wording import Wording

_LONGEST = 40  # characters
_ENDS = " .,;:!…"


def is_nil(text: str, wording: Wording) -> bool:
    """Whether a text says that there is nothing to say: it is an answer, and no content of anything."""
    if len(text) > _LONGEST:
        return False
    said = " ".join(text.strip(_ENDS).casefold().split())
    return said in wording.words["nil"] or all(sign in " .…" or unicodedata.category(sign) == "Pd" for sign in text)
