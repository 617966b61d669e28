"""What a value of sources.yaml may be: checked, and told to editors by the JSON Schema."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from briefing import forms
from briefing.config import colours, mailing, people, values


def _text(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, **schema})


ID_FORM = "^[a-z0-9][a-z0-9-]{0,63}$"

Id = Annotated[str, Field(pattern=ID_FORM)]
People = Annotated[Any, PlainValidator(lambda value: value), WithJsonSchema(people.SCHEMA)]  # looked at in `people`
Text = Annotated[str, PlainValidator(values.text), _text()]
Line = Annotated[str, PlainValidator(values.line), _text()]
Address = Annotated[str, PlainValidator(values.address), _text(pattern="^https?://")]
SiteAddress = Annotated[str, PlainValidator(values.site_address), _text(pattern="^https?://")]
Witness = Annotated[str, PlainValidator(values.witness), _text()]
MailServer = Annotated[str, PlainValidator(mailing.server), _text(pattern="^smtps?://")]
MailAddress = Annotated[str, PlainValidator(mailing.address), _text(pattern="@")]
ListId = Annotated[str, PlainValidator(mailing.list_id), _text()]
Contact = Annotated[str, PlainValidator(values.contact), _text()]
Language = Annotated[str, PlainValidator(values.language), _text(pattern="^[a-z]{2}$")]
Country = Annotated[str, PlainValidator(values.country), _text(pattern="^[A-Z]{2}$")]
Zone = Annotated[str, PlainValidator(values.timezone), _text()]
Selector = Annotated[str, PlainValidator(values.selector), _text()]
Pattern = Annotated[str, PlainValidator(values.pattern), _text(format="regex")]
Pagination = Annotated[str, PlainValidator(values.pagination), _text(pattern=r"\{(n|page)\}")]
Day = Annotated[str, PlainValidator(values.day), WithJsonSchema({"type": "string", "format": "date"})]
DateFormat = Annotated[str, PlainValidator(values.date_format), _text(pattern="%")]
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_EXPRESSION: dict[str, Any] = {
    "type": "object",
    "description": "A regular expression of RE2, sought in small letters and capitals alike.",
    "properties": {"regex": _TEXT},
    "required": ["regex"],
    "additionalProperties": False,
}
_TOGETHER: dict[str, Any] = {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 8}
_ALL: dict[str, Any] = {
    "type": "object",
    "description": "Phrases that must all stand in one sentence.",
    "properties": {"all": _TOGETHER},
    "required": ["all"],
    "additionalProperties": False,
}
_NEAR: dict[str, Any] = {
    "type": "object",
    "description": "Phrases with at most so many words between them; characters in ja, zh and ko.",
    "properties": {
        "near": _TOGETHER,
        "within": {"type": "integer", "minimum": 0, "maximum": 200, "default": forms.WITHIN},
    },
    "required": ["near"],
    "additionalProperties": False,
}
Phrase = Annotated[str, PlainValidator(values.phrase), WithJsonSchema({"anyOf": [_TEXT, _ALL, _NEAR, _EXPRESSION]})]
Alias = Annotated[str, PlainValidator(values.alias), _text()]
Mask = Annotated[str, PlainValidator(values.mask), WithJsonSchema({"anyOf": [_TEXT, _EXPRESSION]})]
HeaderName = Annotated[str, PlainValidator(values.header_name), _text()]
HeaderValue = Annotated[str, PlainValidator(values.header_value), _text()]
Variable = Annotated[str, PlainValidator(values.variable), _text(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
Prefix = Annotated[str, PlainValidator(values.prefix), _text()]
Agent = Annotated[str, PlainValidator(values.agent), _text()]
_DURATION = WithJsonSchema({"type": "string", "pattern": f"^{values.DURATION_FORM}$"})
Pace = Annotated[timedelta, PlainValidator(values.pace), _DURATION]
Timeout = Annotated[timedelta, PlainValidator(values.timeout), _DURATION]
Duration = Annotated[timedelta, PlainValidator(values.duration), _DURATION]
Span = Annotated[timedelta, PlainValidator(values.timeout), _DURATION]
Percent = Annotated[int, Field(ge=1, le=100)]
Recheck = Annotated[
    tuple[timedelta, ...],
    PlainValidator(values.recheck),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "never"},
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 12,
                    "items": {"type": "string", "pattern": f"^{values.DURATION_FORM}$"},
                },
            ]
        }
    ),
]
Size = Annotated[
    int,
    PlainValidator(values.size),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{values.SIZE_FORM}$"}]}
    ),
]
_COLOUR = _text(pattern=f"^{colours.FORM}$")
LightColour = Annotated[str, PlainValidator(colours.on_light), _COLOUR]
DarkColour = Annotated[str, PlainValidator(colours.on_dark), _COLOUR]
Network = Annotated[IPv4Network | IPv6Network, PlainValidator(values.network), WithJsonSchema({"type": "string"})]
Publication = Annotated[
    values.Appears,
    PlainValidator(values.publication),
    WithJsonSchema({"type": "string", "pattern": f"^{values.PUBLISH_FORM}$"}),
]


def some_phrases(phrases: dict[str, list[str]]) -> dict[str, list[str]]:
    """The phrases, where there are any.

    Raises:
        ValueError: there are none.
    """
    if not any(phrases.values()):
        raise ValueError("a topic needs at least one phrase, such as en: [peace treaty]")
    return phrases


Phrases = dict[Language, list[Phrase]]


class Shape(BaseModel):
    """What all parts have in common: an unknown key is a slip, not something to pass over."""

    model_config = ConfigDict(extra="forbid", frozen=True)
