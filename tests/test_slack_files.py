"""Pictures and documents in Slack: three calls, one share; found again by name; words where files are not taken."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages.incoming import Address
from bot.messages.outgoing import Choice, Document, File, Message
from bot.messages.sending import Fate, NotSent, Parcel, Refused, Sent, Unclear, Unreachable
from tests.fakes.slack_house import House, house

ALT = "Confidence rose from 5 to 8."
PICTURE = File(name="confidence.png", media="image/png", content=b"\x89PNG\r\n\x1a\n...", alt=ALT)
PLAN = File(name="plan.txt", media="text/plain", content="wörds".encode())
EXPORT = File(name="export.json", media="application/json", content=b"{}")
QUESTION = Message(text="Do you agree?", token="tok", choices=(Choice(value="y", label="Agree"),))


@pytest.fixture
async def home() -> AsyncIterator[House]:
    async with house("none", limits=False) as made:
        yield made


def parcel(home: House, message: Message, file: File | None, **more: Any) -> Parcel:
    user = home.fake.person("Ana").user
    address = Address(platform="slack", bot=user.team.id, chat=user.im, user=user.id)
    if file is not None:
        message = replace(message, file=Document(name=file.name, media=file.media, text=""))
    return Parcel(id=7, address=address, message=message, file=file, **more)


async def sent(home: House, file: File | None, message: Message | None = None, **more: Any) -> Fate:
    return await home.slack.messenger.send(parcel(home, message or Message(text="Six weeks"), file, **more))


def messages(home: House) -> list[dict[str, Any]]:
    return home.fake.person("Ana").messages


async def test_a_picture_is_shared_with_its_words_and_with_words_for_those_who_do_not_see_it(home: House) -> None:
    fate = await sent(home, PICTURE)
    (message,) = messages(home)
    (file,) = message["files"]
    assert fate == Sent(message_id=file["id"])
    assert (message["text"], file["title"], file["alt_txt"]) == ("Six weeks", "confidence.png", ALT)
    assert home.fake.uploads[file["id"]].content == PICTURE.content


async def test_a_document_has_its_name_and_its_very_bytes(home: House) -> None:
    await sent(home, PLAN)
    (upload,) = home.fake.uploads.values()
    assert (upload.title, upload.content, upload.alt) == ("plan.txt", "wörds".encode(), "")


async def test_words_of_a_caption_can_neither_ping_nor_fake_a_link(home: House) -> None:
    await sent(home, PICTURE, Message(text="<!channel> <https://evil.example|here> & more"))
    assert messages(home)[0]["text"] == "&lt;!channel&gt; &lt;https://evil.example|here&gt; &amp; more"


async def test_what_asks_follows_the_file_and_is_changed_when_it_is_answered(home: House) -> None:
    fate = await sent(home, PLAN, QUESTION)
    share, asked = messages(home)
    assert share["text"] == ""
    assert asked["metadata"]["event_payload"] == {"outbox": 7}
    assert fate == Sent(message_id=asked["ts"])
    ana = home.fake.person("Ana")
    assert ana.last.buttons == ("Agree",)
    assert await sent(home, None, Message(text="Do you agree?\n✓ Agree"), replaces=asked["ts"]) == fate
    assert (ana.last.text, ana.last.buttons) == ("Do you agree?\n✓ Agree", ())


async def test_a_file_that_asked_nothing_is_left_as_it_is(home: House) -> None:
    fate = await sent(home, PICTURE)
    assert isinstance(fate, Sent)
    assert await sent(home, None, Message(text="changed"), replaces=fate.message_id) == fate
    assert home.fake.calls["chat.update"] == 0


async def test_words_that_could_not_follow_a_file_are_said_later_without_the_file_again(home: House) -> None:
    home.fake.fail("chat.postMessage", retry_after=2)
    assert await sent(home, PLAN, QUESTION) == NotSent(reason="ratelimited", retry_after=2)
    assert isinstance(await sent(home, PLAN, QUESTION), Sent)
    assert [bool(message.get("files")) for message in messages(home)] == [True, False]


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload"])
@pytest.mark.parametrize("status", [500, 502])
async def test_until_the_share_nothing_was_seen_and_it_is_tried_again(home: House, step: str, status: int) -> None:
    home.fake.fail(step, status=status)
    assert isinstance(await sent(home, PICTURE), NotSent)
    assert messages(home) == []
    assert isinstance(await sent(home, PICTURE), Sent)
    assert len(messages(home)) == 1


@pytest.mark.parametrize(("what", "fate"), [
    ({"status": 500}, Unclear),
    ({"status": 500, "after": True}, Unclear),
    ({"error": "internal_error", "after": True}, Unclear),
    ({"reset": True, "after": True}, Unclear),
    ({"retry_after": 4}, NotSent),
    ({"error": "channel_not_found"}, Unreachable),
    ({"error": "token_revoked"}, NotSent),
    ({"error": "file_not_found"}, Refused),
])  # fmt: skip
async def test_what_becomes_of_the_share_is_told_as_with_any_message(
    home: House, what: dict[str, Any], fate: type[Fate]
) -> None:
    home.fake.fail("files.completeUploadExternal", **what)
    assert isinstance(await sent(home, PICTURE), fate)


async def test_a_share_whose_answer_was_lost_is_found_in_the_history_by_its_name(home: House) -> None:
    began = datetime.now(UTC) - timedelta(seconds=5)
    messenger = home.slack.messenger
    waiting = parcel(home, Message(text="Six weeks"), PICTURE)
    assert await messenger.find(replace(waiting, file=None), began) is None
    home.fake.fail("files.completeUploadExternal", reset=True, after=True)
    assert isinstance(await messenger.send(waiting), Unclear)
    found = await messenger.find(replace(waiting, file=None), began)
    assert found == Sent(message_id=messages(home)[0]["ts"])
    assert await messenger.find(replace(waiting, id=8, file=None), began) is None


@pytest.mark.parametrize("error", ["missing_scope", "file_uploads_disabled", "storage_limit_reached"])
async def test_where_files_are_not_taken_a_picture_is_told_in_words(home: House, error: str) -> None:
    home.fake.fail("files.getUploadURLExternal", error=error)
    assert isinstance(await sent(home, PICTURE), Sent)
    assert home.fake.person("Ana").last.text == f"Six weeks\n\n{ALT}"


async def test_where_files_are_not_taken_a_short_text_is_said_and_an_export_is_refused(home: House) -> None:
    home.fake.fail("files.getUploadURLExternal", error="file_uploads_disabled", times=2)
    assert isinstance(await sent(home, PLAN), Sent)
    assert home.fake.person("Ana").last.text == "Six weeks\n\nwörds"
    assert await sent(home, EXPORT) == Refused(reason="no files here")


async def test_an_installation_from_before_files_says_it_in_words(home: House) -> None:
    next(iter(home.fake.teams.values())).scopes.discard("files:write")
    assert isinstance(await sent(home, PICTURE), Sent)
    assert home.fake.person("Ana").last.text.endswith(ALT)


async def test_a_long_description_is_cut_to_what_slack_takes(home: House) -> None:
    assert isinstance(await sent(home, replace(PICTURE, alt="word " * 400)), Sent)
    (upload,) = home.fake.uploads.values()
    assert 900 < len(upload.alt) <= 1_000


async def test_an_upload_goes_once_to_its_url_and_has_the_length_that_was_told(home: House) -> None:
    await sent(home, PLAN)
    (upload,) = home.fake.uploads.values()
    session = home.slack._clients.session()
    url = f"{home.fake.url.removesuffix('/api/')}/upload/v1/{upload.ticket}"
    async with session.post(url, data=PLAN.content) as again:
        assert again.status == 404


async def test_many_files_at_once_stay_with_their_words(home: House) -> None:
    waiting = [
        replace(parcel(home, Message(text=f"number {n}"), replace(PLAN, content=f"{n}".encode())), id=n)
        for n in range(8)
    ]
    await asyncio.gather(*(home.slack.messenger.send(each) for each in waiting))
    told = {m["text"]: home.fake.uploads[m["files"][0]["id"]].content for m in messages(home)}
    assert told == {f"number {n}": f"{n}".encode() for n in range(8)}
