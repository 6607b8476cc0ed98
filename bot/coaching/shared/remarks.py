"""What was told in words, as records."""

from collections.abc import Iterable, Iterator

from bot.model.records import Remarked
from bot.model.replies import Given


def remarks(given: Given, **kinds: str) -> Iterator[Remarked]:
    """A remark for each question that was answered; `kinds` says of what kind it is."""
    for question, kind in kinds.items():
        text = given.get(question)
        if text:
            key = given.key(question)
            yield Remarked(key=key, kind=kind, text=given.labels.get(key) or text, audience=given.audience(question))


def remarks_of_list(given: Given, question: str, kind: str, entries: Iterable[str]) -> Iterator[Remarked]:
    """A remark for each entry of an answer that is a list."""
    for number, text in enumerate(entries):
        yield Remarked(key=f"{question}:{number}", kind=kind, text=text, audience=given.audience(question))
