"""Translation of typed lines into events; decides nothing."""

from bot.messages.incoming import Address, ButtonPressed, CommandSent, Content, Inbound, TextEdited, TextSent
from bot.messages.outgoing import Message


def address_of(user: str) -> Address:
    """The console's address of one of the people at it."""
    return Address(platform="console", bot="console", chat=user, user=user)


def inbound(line: str, *, user: str, number: str, last: Message | None, last_number: str) -> Inbound:
    """The event of a typed line: `/verb rest`, `#2` presses the second button, `/edit text` changes the last line."""
    content = content_of(line, last)
    message_id = last_number if isinstance(content, TextEdited) else number
    return Inbound(key=f"console:{user}:{number}", address=address_of(user), content=content, message_id=message_id)


def content_of(line: str, last: Message | None) -> Content:
    """What a typed line says or does; `last` is the message whose buttons can be pressed."""
    if line.startswith("/edit "):
        return TextEdited(text=line.removeprefix("/edit "))
    if line.startswith("/") and line[1:2].isalpha():
        verb, _, rest = line[1:].partition(" ")
        return CommandSent(verb=verb.lower(), rest=rest.strip())
    pressed = line[1:].strip() if line.startswith("#") else ""
    if last is not None and pressed.isdecimal() and len(pressed) < 4 and 1 <= int(pressed) <= len(last.choices):
        return ButtonPressed(token=last.token, value=last.choices[int(pressed) - 1].value)
    return TextSent(text=line)
