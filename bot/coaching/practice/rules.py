"""What holds for a practice: how long codes live, and for how long a signal is left be."""

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
LEFT_FOR = timedelta(days=21)  # where no session is booked before
