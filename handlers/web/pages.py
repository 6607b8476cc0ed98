"""Pages for guests, as HTML without scripts; every word comes from the message, and every word is escaped."""

from collections.abc import Mapping
from html import escape

from bot.messages.outgoing import Field, Form, Message

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.05rem/1.55 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1.5rem}"
    "label{display:block;margin:1.4rem 0 .4rem;font-weight:600}"
    "textarea{width:100%;box-sizing:border-box;min-height:5.5rem;font:inherit;padding:.6rem}"
    "button{font:inherit;padding:.7rem 1.6rem;margin-top:1.4rem}"
    ".wrong{margin:.3rem 0 0;font-weight:600}"
)


def page(
    title: str,
    message: Message,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    """The whole page: the text of a message and, when it has one, its form with what stands in the fields already."""
    body = "".join(f"<p>{_lines(part)}</p>" for part in message.text.split("\n\n") if part.strip())
    if message.form is not None:
        body += _form(message.form, values or {}, errors or {})
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())


def _form(form: Form, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    fields = "".join(_field(field, values.get(field.name, ""), errors.get(field.name, "")) for field in form.fields)
    return f'<form method="post">{fields}<button type="submit">{escape(form.submit)}</button></form>'


def _field(field: Field, value: str, error: str) -> str:
    name = escape(field.name)
    wrong = f'<p class="wrong" id="{name}-wrong" role="alert">{escape(error)}</p>' if error else ""
    about = f' aria-invalid="true" aria-describedby="{name}-wrong"' if error else ""
    label = f'<label for="{name}">{escape(field.label)}</label>'
    return f'{label}<textarea id="{name}" name="{name}"{about}>{escape(value)}</textarea>{wrong}'
