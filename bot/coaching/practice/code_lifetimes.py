"""How long a code lives: an invitation, one for another chat, one for a new chat, a sponsor's page."""

from collections.abc import Mapping
from datetime import timedelta

# By what a code is for; each is good once.
LIVES: Mapping[str, timedelta] = {
    "client": timedelta(days=14),  # an invitation
    "coach": timedelta(days=14),  # an invitation by the operator
    "link": timedelta(hours=24),  # another chat of the same person
    "reconnect": timedelta(days=7),  # a new chat of a client who lost theirs
    "sponsor": timedelta(days=14),  # a page for somebody who is no user
}
