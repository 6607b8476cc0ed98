"""Files as they are to be read: phrases become words, in the language of whoever is sent them."""

from bot.messages.outgoing import CAPTION, Document
from bot.model.chart_data import Chart, Series
from bot.model.phrases import Phrase
from bot.model.replies import Sheet, Sketch
from bot.rendering.shortening import shortened, units
from bot.rendering.wording import Wording


def file_of(file: Sheet | Sketch, wording: Wording) -> tuple[str, Document | Chart]:
    """The caption of a file, cut to what a platform takes, and the file itself."""
    caption = shortened(wording.render(file.caption), CAPTION, units)
    return caption, _sheet(file, wording) if isinstance(file, Sheet) else _sketch(file, wording)


def _sheet(file: Sheet, wording: Wording) -> Document:
    text = wording.render(file.text) if isinstance(file.text, Phrase) else file.text
    if file.media == "text/calendar":
        text = text.rstrip() + "\r\n"  # a phrase loses its last line's end, and RFC 5545 wants it
    return Document(name=file.name, media=file.media, text=text)


def _sketch(file: Sketch, wording: Wording) -> Chart:
    return Chart(
        kind=file.kind,
        name=file.name,
        title=wording.render(file.title),
        alt=wording.render(file.alt),
        series=tuple(Series(label=wording.render(label), points=points) for label, points in file.series),
        low=file.low,
        high=file.high,
        ticks=tuple((value, wording.render(label)) for value, label in file.ticks),
        missing=wording.render(file.missing) if file.missing else "",
        source=wording.render(file.source) if file.source else "",
        locale=wording.locale,
    )
