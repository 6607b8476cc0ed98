"""Whom a coach means: the client's name at the beginning of what was said, and what follows it."""

from dataclasses import dataclass

from bot.coaching.finding import find_clients
from bot.coaching.validators import NAME
from bot.facts import ClientView
from bot.phrases import Phrase, phrase
from bot.shortening import shortened

_LONGEST = 4  # words of a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """The clients that fit, and the words behind the name."""

    found: tuple[ClientView, ...]
    rest: str
    name: str

    @property
    def view(self) -> ClientView | None:
        """The one client that is meant, or None."""
        return self.found[0] if len(self.found) == 1 else None


def meant(text: str, practice: tuple[ClientView, ...]) -> Meant:
    """The client whom a text begins with: by as many words as belong to the name, else by the first, read kindly."""
    words = text.split()
    for taken in range(min(_LONGEST, len(words)), 1, -1):
        found = find_clients(" ".join(words[:taken]), practice)
        named = [view for view in found if _belong(words[1:taken], view)]
        if named:
            return Meant(found=tuple(named), rest=_after(text, taken), name=" ".join(words[:taken]))
    found = find_clients(words[0], practice) if words else ()
    return Meant(found=found, rest=_after(text, 1), name=words[0] if words else "")


def _belong(words: list[str], view: ClientView) -> bool:
    """Each further word is one of the name's, or the initial of one."""
    own = [part.casefold() for part in view.engagement.client_name.split()]
    return all(_is_of(word.casefold().rstrip(".,:"), own) for word in words)


def _is_of(word: str, own: list[str]) -> bool:
    return word in own or (len(word) == 1 and any(part.startswith(word) for part in own))


def _after(text: str, taken: int) -> str:
    parts = text.split(maxsplit=taken)
    return parts[taken].strip() if len(parts) > taken else ""


def which(command: str, whom: Meant) -> tuple[Phrase, ...]:
    """Nobody fits, or several do: the names, and how to say it."""
    if not whom.found:
        return (phrase("client_unknown", name=shortened(whom.name, NAME)),)
    names = ", ".join(sorted(view.engagement.client_name for view in whom.found))
    return (phrase("whom_of", command=command, names=names),)
