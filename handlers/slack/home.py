"""The App Home: the page that shows where a person stands, with a button for each thing they can do.

Limits: docs.slack.dev/reference/views/home-tab-views.
"""

import json
from collections import OrderedDict

from bot.messages.outgoing import Section
from handlers.slack.blocks import HEADER, SECTION, Block, button, paragraphs, plain, rows

BLOCKS = 100
KEPT = 10_000
_WIDE = 5


class Homes:
    """What was published last, by workspace and person, as far as this process knows: the same again is left out.

    Another process may have published since: whoever opens their page has Slack tell us the `mark` of what is there.
    """

    def __init__(self) -> None:
        self._shown: OrderedDict[tuple[str, str], tuple[int, str]] = OrderedDict()

    def stands(self, bot: str, user: str, view: Block) -> bool:
        """Whether somebody sees this already."""
        return self._shown.get((bot, user), (0, ""))[0] == _sum(view)

    def published(self, bot: str, user: str, view: Block, mark: str) -> None:
        """They see it from now on."""
        self._shown[bot, user] = _sum(view), mark
        if len(self._shown) > KEPT:
            self._shown.popitem(last=False)

    def opened(self, bot: str, user: str, mark: str) -> None:
        """They look at what has this mark; at nothing of ours without one."""
        if self._shown.get((bot, user), (0, ""))[1] != mark or not mark:
            self._shown.pop((bot, user), None)


def _sum(view: Block) -> int:
    return hash(json.dumps(view, sort_keys=True))


def home_of(page: tuple[Section, ...]) -> Block:
    """The view of a page; each section is a heading, its lines, and rows of buttons."""
    blocks: list[Block] = []
    pressed = 0
    for section in page:
        if section.heading:
            blocks.append({"type": "header", "text": plain(section.heading, HEADER)})
        if section.lines:
            blocks += paragraphs("\n".join(section.lines), SECTION * 4)
        # Button ids are numbered through the page: Slack wants them to differ.
        buttons = [button(choice, "", pressed + at) for at, choice in enumerate(section.choices)]
        pressed += len(buttons)
        blocks += rows(buttons, _WIDE)
    return {"type": "home", "blocks": blocks[:BLOCKS]}
