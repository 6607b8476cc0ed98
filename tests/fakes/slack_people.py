"""People in the fake Slack: what they do with the app, and what they see of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_delivery import Delivery
from tests.fakes.slack_payloads import Json, User, new_id
from tests.fakes.slack_rules import texts_of

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack

_TAPPED = ("button", "static_select", "radio_buttons")


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on the screen: its text, the labels of what can be pressed, and whether it was changed."""

    ts: str
    text: str
    buttons: tuple[str, ...]
    ours: bool
    edited: bool
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class Person:
    """Somebody who uses the app."""

    slack: "FakeSlack"
    user: User
    errors: dict[str, str] = field(default_factory=dict)
    filled: dict[str, Json] = field(default_factory=dict)

    # -- what they see -----------------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Json]:
        return self.slack.channels[self.user.im]

    @property
    def screen(self) -> list[Shown]:
        """The direct message as it stands now."""
        return [_shown(message, self.user) for message in self.messages]

    @property
    def read(self) -> list[str]:
        """The app's messages as they stand now."""
        return [shown.text for shown in self.screen if shown.ours]

    @property
    def last(self) -> Shown:
        """The app's newest message."""
        return [shown for shown in self.screen if shown.ours][-1]

    @property
    def whispers(self) -> list[str]:
        """What the app showed to them alone."""
        return self.slack.whispers[self.user.id]

    @property
    def home(self) -> list[str]:
        """The texts of the Home tab."""
        return texts_of(self.slack.homes[self.user.id]["blocks"])

    @property
    def modal(self) -> Json | None:
        """The form that is open, if any."""
        return self.slack.views.get(self.user.id)

    # -- what they do ------------------------------------------------------------------------------------------------

    async def types(self, text: str, *, thread: str = "") -> Delivery:
        """Send a message, in a thread if one is named; its three control characters are escaped, as Slack does."""
        ts = self.slack.ts()
        coded = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        message = payloads.message(self.user, coded, ts, thread=thread)
        self.messages.append(message)
        return await self.slack.mail.event(self.user.team, message)

    async def sends(self, kind: str, text: str = "") -> Delivery:
        """Send a voice clip, a picture or a pdf, with a text or without."""
        ts = self.slack.ts()
        message = payloads.message(self.user, text, ts) | {
            "subtype": "file_share",
            "files": [payloads.file(self.user, kind)],
            "upload": False,
            "display_as_bot": False,
        }
        self.messages.append(message)
        return await self.slack.mail.event(self.user.team, message)

    async def edits(self, text: str, *, ts: str = "") -> Delivery:
        """Change a message of theirs, the last one if none is named."""
        mine = [m for m in self.messages if m["user"] == self.user.id and (not ts or m["ts"] == ts)][-1]
        old = dict(mine)
        mine["text"] = text
        mine["blocks"] = payloads.rich(text)
        mine["edited"] = {"user": self.user.id, "ts": self.slack.ts()}
        body = payloads.changed(self.user.im, dict(mine), old, ts=self.slack.ts())
        return await self.slack.mail.event(self.user.team, body)

    async def deletes(self) -> Delivery:
        """Take their last message back."""
        mine = [m for m in self.messages if m["user"] == self.user.id][-1]
        self.messages.remove(mine)
        return await self.slack.mail.event(self.user.team, payloads.deleted(self.user.im, mine, ts=self.slack.ts()))

    async def reacts(self, emoji: str = "thumbsup") -> Delivery:
        """React to the app's newest message."""
        body = payloads.reaction(self.user, self.last.ts, self.user.team.bot_user, ts=self.slack.ts(), emoji=emoji)
        return await self.slack.mail.event(self.user.team, body)

    async def mentions(self, channel: str, text: str = "hello") -> Delivery:
        """Address the app in a channel."""
        self.slack.channels.setdefault(channel, [])
        said = f"<@{self.user.team.bot_user}> {text}"
        body = payloads.mention(self.user, channel, said, self.slack.ts())
        return await self.slack.mail.event(self.user.team, body)

    async def runs(self, line: str, *, channel: str = "C0GENERAL") -> Json:
        """Run a slash command; an ephemeral answer is whispered."""
        form = payloads.command(
            self.user,
            line,
            trigger=self.slack.trigger(self.user),
            response_url=self.slack.response_url(self.user),
            channel=channel,
        )
        answer = await self.slack.mail.ask("slash_commands", form)
        if answer.get("text"):
            self.whispers.append(answer["text"])
        return answer

    async def opens_home(self, tab: str = "home") -> Delivery:
        view = self.slack.homes.get(self.user.id)
        body = payloads.home_opened(self.user, ts=self.slack.ts(), tab=tab, view=view)
        return await self.slack.mail.event(self.user.team, body)

    async def presses(self, label: str, *, on: Shown | None = None) -> Json:
        """Press the button, or pick the entry of a menu, with that label; on the newest message that has it."""
        for message in reversed(self.messages):
            if on is not None and message["ts"] != on.ts:
                continue
            action = _action(message.get("blocks", []), label, self.slack.ts())
            if action is not None:
                return await self.slack.mail.ask("interactive", self._pressed(message, action))
        raise AssertionError(f"no button {label!r} on {[s.buttons for s in self.screen if s.buttons]}")

    def _pressed(self, message: Json, action: Json) -> Json:
        return payloads.message_action(
            self.user,
            message,
            action,
            trigger=self.slack.trigger(self.user),
            response_url=self.slack.response_url(self.user, message["ts"]),
            channel=self.user.im,
        )

    async def presses_home(self, label: str) -> Json:
        """Press a button on the Home tab."""
        view = self.slack.homes[self.user.id]
        action = _action(view["blocks"], label, self.slack.ts())
        assert action is not None, f"no button {label!r} on {self.home}"
        payload = payloads.home_action(self.user, view, action, trigger=self.slack.trigger(self.user))
        return await self.slack.mail.ask("interactive", payload)

    def fills(self, label: str, *values: str) -> None:
        """Fill in a field of the open form, by its label; options by theirs."""
        block = next(b for b in self._inputs() if label in (b["label"]["text"], b["block_id"]))
        self.filled[block["block_id"]] = _state(block["element"], list(values))

    async def submits(self) -> dict[str, str]:
        """Send the form in; what stands at the fields then, by label. A form that was taken closes."""
        view = self.modal
        assert view is not None, "no form is open"
        for block in self._inputs():
            held = self.filled.setdefault(block["block_id"], _state(block["element"], None))
            assert block.get("optional") or _given(held), f"{block['label']['text']} is missing: Slack would not send"
        values = {
            block["block_id"]: {block["element"]["action_id"]: self.filled[block["block_id"]]}
            for block in self._inputs()
        }
        sent = view | {"state": {"values": values}}
        payload = payloads.submission(self.user, sent, trigger=self.slack.trigger(self.user))
        return self._submitted(await self.slack.mail.ask("interactive", payload))

    def _submitted(self, answer: Json) -> dict[str, str]:
        """docs.slack.dev/surfaces/modals#displaying_errors: errors name input blocks of the form."""
        self.errors = {}
        if not answer:
            self.closes()
            return self.errors
        assert answer.get("response_action") == "errors", f"Slack shows trouble connecting: {answer}"
        labels = {block["block_id"]: block["label"]["text"] for block in self._inputs()}
        assert answer["errors"], f"Slack shows trouble connecting: {answer}"
        for block_id, text in answer["errors"].items():
            assert block_id in labels, f"{block_id} is no input of the form"
            assert isinstance(text, str)
            assert text
            self.errors[labels[block_id]] = text
        return self.errors

    def closes(self) -> None:
        """Close the form; Slack tells the app only where it asked for that."""
        self.slack.views.pop(self.user.id, None)
        self.filled = {}

    def _inputs(self) -> list[Json]:
        assert self.modal is not None, "no form is open"
        return [block for block in self.modal["blocks"] if block["type"] == "input"]


def _shown(message: Json, user: User) -> Shown:
    blocks = message.get("blocks", [])
    prose = [b for b in blocks if b["type"] in ("section", "rich_text", "header")]
    text = "\n".join("".join(texts_of(block)) for block in prose) if prose else message["text"]
    buttons = tuple(label for block in blocks if block["type"] == "actions" for label in _labels(block))
    edited, ours = "edited" in message, message["user"] != user.id
    files = tuple(f"{file['title']}: {file.get('alt_txt', '')}".removesuffix(": ") for file in message.get("files", []))
    return Shown(ts=message["ts"], text=text, buttons=buttons, ours=ours, edited=edited, files=files)


def _labels(block: Json) -> list[str]:
    found = []
    for element in block["elements"]:
        options = element.get("options", [element])
        found += [option["text"]["text"] for option in options]
    return found


def _action(blocks: list[Json], label: str, ts: str) -> Json | None:
    """The action of pressing what carries that label."""
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["type"] not in _TAPPED:
                continue
            for entry in element.get("options", [element]):
                if entry["text"]["text"] == label:
                    return _made(block, element, entry, ts)
    return None


def _made(block: Json, element: Json, entry: Json, ts: str) -> Json:
    base = {
        "type": element["type"],
        "action_id": element.get("action_id", new_id("a")),
        "block_id": block["block_id"],
        "action_ts": ts,
    }
    if element["type"] == "button":
        return base | {"text": element["text"]} | ({"value": element["value"]} if "value" in element else {})
    return base | {"selected_option": entry}


def _state(element: Json, values: list[str] | None) -> Json:
    """docs.slack.dev/reference/views/view-object: `state.values` by block and action."""
    kind = element["type"]
    if kind in ("plain_text_input", "number_input"):
        return {"type": kind, "value": values[0] if values else element.get("initial_value")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": values[0] if values else element.get("initial_date")}
    picked = [o for o in element["options"] if values and o["text"]["text"] in values]
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": picked if values is not None else element.get("initial_options", [])}
    return {"type": kind, "selected_option": picked[0] if picked else element.get("initial_option")}


def _given(held: Json) -> Any:
    return held.get("value") or held.get("selected_date") or held.get("selected_option") or held.get("selected_options")
