"""How a button names a client: by a short reference that tells nothing, and finds nobody outside the own practice."""

import hashlib

MARK = "~"
_LONG = 4  # bytes; enough to tell the clients of one coach apart


def ref_of(engagement: str) -> str:
    """The reference of an engagement: a mark and eight characters."""
    return MARK + hashlib.blake2s(engagement.encode(), digest_size=_LONG).hexdigest()
