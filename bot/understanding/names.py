"""What somebody wants to be called, out of how they say it."""

from bot.model.facts import Facts

_AROUND = " \t.,;:!\"'\u201c\u201d\u201e\u2018\u2019"


def name_in(text: str, facts: Facts) -> str:
    """The name alone: "call me Lexi, please" is Lexi; empty for what is none, such as "hello?" or "no"."""
    found = " ".join(text.split()).strip(_AROUND)
    found = _without(found, _words(facts, "name_leads"), ahead=True)
    found = _without(found, _words(facts, "polite"), ahead=False)
    none = {*_words(facts, "no_names"), *_words(facts, "greetings"), *_words(facts, "yes"), *_words(facts, "no")}
    return "" if "?" in text or found.casefold() in none or not any(map(str.isalpha, found)) else found


def _words(facts: Facts, key: str) -> tuple[str, ...]:
    return tuple(sorted((str(word).casefold() for word in facts.spoken.get(key, ())), key=len, reverse=True))


def _without(text: str, words: tuple[str, ...], *, ahead: bool) -> str:
    """The text without the first of those words that it begins or ends with, unless that is all of it."""
    said = text.casefold()
    for word in words:
        if said.startswith(f"{word} ") if ahead else said.endswith((f" {word}", f",{word}")):
            return (text[len(word) :] if ahead else text[: -len(word)]).strip(_AROUND)
    return text
