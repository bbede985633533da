"""Dossiers, terms, events and steps as the API tells them."""

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from supervision.law.catalogue import cite
from supervision.parties.models import Party
from supervision.procedure.chain import plain
from supervision.procedure.declare import Step
from supervision.procedure.models import Dossier, Event, Term
from supervision.procedure.registry import concrete, form_of
from supervision.procedure.selectors import Offer

from .problems import law_of, reason


class PartySerializer(serializers.ModelSerializer[Party]):
    """A party by its national code."""

    class Meta:
        model = Party
        fields = ("kind", "code", "name")


class TermSerializer(serializers.ModelSerializer[Term]):
    """A statutory term with its computation."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    article = serializers.SerializerMethodField()

    class Meta:
        model = Term
        fields = (
            "kind", "label", "law", "article", "setting", "start", "n", "unit", "excluded_days", "due", "until",
            "provisional", "state", "ended_on", "steps",
        )  # fmt: skip

    def get_article(self, term: Term) -> str:
        return cite(term.law)


class DossierSerializer(serializers.ModelSerializer[Dossier]):
    """A matter as lists show it."""

    subject = PartySerializer(read_only=True)
    authority: serializers.RelatedField[Any, Any, Any] = serializers.SlugRelatedField("code", read_only=True)
    state_label = serializers.CharField(read_only=True)
    kind_label = serializers.CharField(source="procedure.label", read_only=True)

    class Meta:
        model = Dossier
        fields: tuple[str, ...] = (
            "id", "kind", "kind_label", "number", "title", "subject", "authority", "state", "state_label", "opened_at",
            "closed_at", "origin", "events_count",
        )  # fmt: skip


class DossierDetailSerializer(DossierSerializer):
    """A matter with the facts of its kind and its terms."""

    facts = serializers.SerializerMethodField()
    terms = TermSerializer(source="term_set", many=True, read_only=True)

    class Meta(DossierSerializer.Meta):
        fields = (*DossierSerializer.Meta.fields, "procedure_version", "facts", "terms")

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_facts(self, dossier: Dossier) -> dict[str, Any]:
        """The kind's own columns; money as text with two decimals, other objects as id and name."""
        full = concrete(dossier)
        columns = [one for one in full._meta.local_concrete_fields if not isinstance(one, models.OneToOneField)]
        return {one.name: plain(getattr(full, one.name)) for one in columns}


def etag(dossier: Dossier) -> str:
    """Changes with every event of the dossier."""
    return f'"{dossier.pk}-{dossier.events_count}"'


class EventSerializer(serializers.ModelSerializer[Event]):
    """What happened, with its place in the chain."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    user = serializers.CharField(source="user.name", read_only=True, default=None)
    authority = serializers.CharField(source="authority.code", read_only=True, default=None)

    class Meta:
        model = Event
        fields = (
            "seq", "verb", "label", "source", "target", "user", "authority", "facts", "law", "at", "recorded_at",
            "previous", "hash",
        )  # fmt: skip


def fields_of(dossier: Dossier, step: Step, actor: Any) -> list[dict[str, Any]]:
    """The fields of a step's form, so that a program can fill it in."""
    form = form_of(dossier.procedure, step)(dossier=dossier, actor=actor)
    told = []
    for name, field in form.fields.items():
        choices = getattr(field, "choices", None)
        told.append(
            {
                "name": name,
                "label": str(field.label),
                "type": type(field).__name__.removesuffix("Field").lower(),
                "required": field.required,
                "help": str(field.help_text),
                **({"choices": [{"value": str(v), "label": str(t)} for v, t in choices if v != ""]} if choices else {}),
            }
        )
    return told


def offer(dossier: Dossier, one: Offer, actor: Any) -> dict[str, Any]:
    """A step, open or blocked, with every reason."""
    step = one.step
    return {
        "name": step.name,
        "label": str(step.label),
        "law": law_of(step.law),
        "open": one.open,
        "reasons": [reason(why) for why in one.reasons],
        "met": [{"rule": rule.name, "law": law_of(rule.law)} for rule in one.met],
        "target": step.target,
        "fields": fields_of(dossier, step, actor) if one.open else [],
    }


class ReasonSchema(serializers.Serializer[Any]):
    """Shape of one reason, for the schema."""

    cause = serializers.CharField()
    rule = serializers.CharField()
    sentence = serializers.CharField()
    law = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class MetSchema(serializers.Serializer[Any]):
    """A rule that holds; its sentence says why the step is not taken when it does not, so it is not told here."""

    rule = serializers.CharField()
    law = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class OfferSchema(serializers.Serializer[Any]):
    """Shape of one step on offer, for the schema."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    law = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    open = serializers.BooleanField()
    reasons = ReasonSchema(many=True)
    met = MetSchema(many=True)
    target = serializers.CharField(allow_null=True)
    fields = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]
