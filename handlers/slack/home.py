"""The App Home: the page that shows where a person stands, with a button for each thing they can do.

Limits: docs.slack.dev/reference/views/home-tab-views.
"""

from bot.messages.outgoing import Section
from handlers.slack.blocks import HEADER, SECTION, Block, button, paragraphs, plain, rows

BLOCKS = 100
_WIDE = 5


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
