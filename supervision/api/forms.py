"""The product's forms behind endpoints: what a JSON body or a posted form says reaches the same form as on a page."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from supervision.procedure.forms import Exact, fit

JSON = "application/json"
MULTIPART = "multipart/form-data"


def posted(request: Request) -> Mapping[str, Any]:
    """What was sent, as a form takes it: JSON numbers as their text, lists and objects as they are.

    Raises ValidationError for a body that is no object.
    """
    data = request.data
    if not isinstance(data, Mapping):
        raise ValidationError({"__all__": [_("Send an object with the fields as its members.")]})
    if hasattr(data, "getlist"):
        data.exact = True  # type: ignore[attr-defined]
        return data
    return Exact({str(name): _plain(value) for name, value in data.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def suited(data: Mapping[str, Any], fields: Mapping[str, forms.Field]) -> Mapping[str, Any]:
    """The data with objects, lists and booleans as text where a field reads nothing but text."""
    if hasattr(data, "getlist"):
        return data
    textual = (forms.DateField, forms.DateTimeField, forms.TimeField, forms.DurationField)
    return Exact(
        {
            name: json.dumps(value)
            if isinstance(fields.get(name), textual) and isinstance(value, (bool, list, dict))
            else value
            for name, value in data.items()
        }
    )


def filled(
    request: Request, form_class: type[forms.Form], *, also: Collection[str] = (), **kwargs: Any
) -> dict[str, Any]:
    """What the form makes of the request; raises StepInvalid, which is told as 422 with every field's errors.

    A name that no field reads is among them; `also` are those the endpoint reads itself.
    """
    data = suited(posted(request), form_class.base_fields)
    return fit(form_class(data, request.FILES, **kwargs), also)


FORMATS = ((forms.DateTimeField, "date-time"), (forms.DateField, "date"), (forms.TimeField, "time"))


def _schema_of(field: forms.Field) -> dict[str, Any]:
    match field:
        case forms.FileField():
            shape: dict[str, Any] = {"type": "string", "format": "binary"}
        case forms.BooleanField():
            shape = {"type": "boolean"}
        case forms.ModelMultipleChoiceField():
            shape = {"type": "array", "items": {"type": "string" if field.to_field_name else "integer"}}
        case forms.MultipleChoiceField():
            shape = {"type": "array", "items": {"type": "string"}}
        case forms.ModelChoiceField():
            shape = {"type": "string" if field.to_field_name else "integer"}
        case forms.DecimalField():
            shape = {"type": "string", "format": "decimal"}
        case forms.IntegerField():
            shape = {"type": "integer"}
        case forms.DateTimeField() | forms.DateField() | forms.TimeField():
            shape = {"type": "string", "format": next(form for kind, form in FORMATS if isinstance(field, kind))}
        case forms.ChoiceField():
            shape = {"type": "string", "enum": [str(value) for value, _label in field.choices]}  # type: ignore[misc, union-attr]
        case forms.CharField():
            shape = {"type": "string", **({"maxLength": field.max_length} if field.max_length else {})}
        case _:
            shape = {}
    told = " ".join(str(text) for text in (field.label, field.help_text) if text)
    return {**shape, **({"description": told} if told else {})}


def body(form_class: type[forms.Form], **more: dict[str, Any]) -> dict[str, Any]:
    """The request body of an endpoint for the OpenAPI document, from the form behind it; `more` adds properties."""
    fields: Mapping[str, forms.Field] = form_class.base_fields
    shape = {
        "type": "object",
        "properties": {**{name: _schema_of(field) for name, field in fields.items()}, **more},
        "required": [name for name, field in fields.items() if field.required],
    }
    has_file = any(isinstance(field, forms.FileField) for field in fields.values())
    return {MULTIPART: shape} if has_file else {JSON: shape, MULTIPART: shape}
