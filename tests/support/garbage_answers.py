"""What stands where an answer of a platform's should: a proxy's page, half an answer, another kind of value."""

from tests.fakes.slack import FakeSlack

JSON, TEXT, HTML = "application/json", "text/plain", "text/html"

GARBAGE: dict[str, tuple[int, str, str]] = {  # status, body, and what it is said to be
    "text at 503": (503, "down", TEXT),
    "text at 429": (429, "slow down", TEXT),
    "text at 200": (200, "ok", TEXT),
    "a list": (200, "[]", JSON),
    "a list that is not empty": (200, "[1]", JSON),
    "a null": (200, "null", JSON),
    "nothing": (200, "", JSON),
    "half an object": (200, '{"ok": tr', JSON),
    "an object with nothing in it": (200, '{"ok": true}', JSON),
    "a page called JSON": (200, "<html>Sign in</html>", JSON),
    "a page": (200, "<html>Sign in</html>", HTML),
    "a page at 502": (502, "<html>Bad gateway</html>", HTML),
    "a proxy's own error": (403, '{"error": "policy_denied"}', JSON),
    "another zip": (200, "x", "application/gzip"),
}


TELEGRAM: dict[str, tuple[int, str]] = {  # status and body
    "a list": (200, "[]"),
    "nothing": (200, ""),
    "half an object": (200, '{"ok": tr'),
    "a page": (200, "<html>Sign in</html>"),
    "a page at 502": (502, "<html>Bad gateway</html>"),
    "an object with nothing in it": (200, '{"ok": true}'),
    "no result": (200, '{"ok": false}'),
    "a result that is a list of numbers": (200, '{"ok": true, "result": [1]}'),
    "a result that is text": (200, '{"ok": true, "result": "x"}'),
    "a refusal with a list": (400, '{"ok": false, "parameters": [1]}'),
    "deep": (200, '{"ok":' + "[" * 100_000),
}


def spoil(fake: FakeSlack, method: str, name: str, times: int = 1000) -> None:
    """Have Slack answer a method so."""
    status, body, kind = GARBAGE[name]
    fake.fail(method, times=times, status=status, body=body, kind=kind)
