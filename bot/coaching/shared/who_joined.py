"""A client who joined and was not confirmed yet: whatever the coach wants of them, who they are comes first. Pure."""

from bot.coaching.shared.client_ref import ref_of
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Reply


def yes_or_no(view: ClientView) -> tuple[tuple[str, Phrase], ...]:
    """The buttons that say whether it is them."""
    ref = ref_of(view.engagement.id)
    return ((f"/confirm {ref}", phrase("button_yes")), (f"/confirm {ref} no", phrase("button_no")))


def who_is_it(view: ClientView) -> Reply:
    """Asks whether it is them who joined."""
    return Reply(says=(phrase("unconfirmed", client=view.name),), buttons=yes_or_no(view))
