"""What stands where an answer of a platform's should: a proxy's page, half an answer, another kind of value."""

from dataclasses import replace

from tests.fakes.odd_answers import OddAnswer
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

TEXT, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
PAGE = OddAnswer(body=b"<html>Sign in</html>", kind=HTML)
OK = b'{"ok": true}'
# Every field that some method is asked for, and none of them of the kind that it should be.
OTHER_KINDS = (
    b'{"ok": true, "result": "x", "ts": 5, "channel": [1], "url": 7, "user": "x", "view": [], "messages": "x", '
    b'"team_id": {}, "team": "x", "access_token": 1, "file_id": [], "upload_url": 9}'
)
ENOUGH = 2_000  # bytes that drip for longer than anybody waits

ANY: dict[str, OddAnswer] = {  # of either platform
    "text at 200": OddAnswer(body=b"ok", kind=TEXT),
    "text at 503": OddAnswer(status=503, body=b"down", kind=TEXT),
    "a page": PAGE,
    "a page called JSON": replace(PAGE, kind="application/json"),
    "a page at 502": OddAnswer(status=502, body=b"<html>Bad gateway</html>", kind=HTML),
    "nothing": OddAnswer(),
    "nothing at 204": OddAnswer(status=204),
    "nothing at 500": OddAnswer(status=500),
    "half an object": OddAnswer(body=b'{"ok": tr'),
    "less than was announced": OddAnswer(body=OK, short=100),
    "a list": OddAnswer(body=b"[]"),
    "a list that is not empty": OddAnswer(body=b"[1]"),
    "a null": OddAnswer(body=b"null"),
    "a number": OddAnswer(body=b"7"),
    "words called JSON": OddAnswer(body=b'"ok"'),
    "an object with nothing in it": OddAnswer(body=OK),
    "fields of other kinds": OddAnswer(body=OTHER_KINDS),
    "deep": OddAnswer(body=b'{"ok":' + b"[" * 100_000),
    "not UTF-8": OddAnswer(body=b'{"ok": true, "x": "\xff\xfe\xc3"}', kind="application/json; charset=utf-8"),
    "UTF-16": OddAnswer(body='{"ok": true}'.encode("utf-16"), kind="application/json; charset=utf-16"),
    "an encoding that there is not": OddAnswer(body=OK, kind="application/json; charset=klingon"),
    "a zip that is none": OddAnswer(body=OK, headers={"Content-Encoding": "gzip"}),
    "another zip": OddAnswer(body=b"x", kind="application/gzip"),
    "moved for good": OddAnswer(status=301, headers={"Location": "/elsewhere"}),
    "found elsewhere": OddAnswer(status=302, headers={"Location": "http://127.0.0.1:9/login"}),
    "moved for now": OddAnswer(status=307, headers={"Location": ""}),
    "moved, and nobody knows where": OddAnswer(status=308),
}
DRIPS = OddAnswer(body=b" " * ENOUGH + OK, drips=0.05)

GARBAGE = ANY | {  # of Slack
    "text at 429": OddAnswer(status=429, body=b"slow down", kind=TEXT),
    "a proxy's own error": OddAnswer(status=403, body=b'{"error": "policy_denied"}'),
}
TELEGRAM = ANY | {
    "no result": OddAnswer(body=b'{"ok": false}'),
    "a result that is a list of numbers": OddAnswer(body=b'{"ok": true, "result": [1]}'),
    "somebody who is no bot": OddAnswer(body=b'{"ok": true, "result": {"id": 7, "is_bot": false, "first_name": "x"}}'),
    "a result that is text": OddAnswer(body=b'{"ok": true, "result": "x"}'),
    "a refusal with a list": OddAnswer(status=400, body=b'{"ok": false, "parameters": [1]}'),
}


def spoil(fake: FakeSlack, method: str, name: str, times: int = 1000) -> None:
    """Have Slack answer a method so."""
    fake.fail(method, times=times, odd=DRIPS if name == "drips" else GARBAGE[name])


def spoil_telegram(api: FakeTelegram, method: str, name: str, times: int = 1000) -> None:
    """Have Telegram answer a method so."""
    api.fault(method, "odd", times, odd=DRIPS if name == "drips" else TELEGRAM[name])
