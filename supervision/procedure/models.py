"""The dossier, what happened to it, by when it must move, who is in charge — and the seals over it all."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from supervision.parties.models import Authority, Party, User
from supervision.workdays import Unit

from . import verbs
from .declare import Procedure, Step


class Counter(models.Model):
    """The last number given per authority, word and year; its row lock makes numbers gapless."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    word = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("authority", "word", "year"), name="one_counter_per_word_and_year"),
        )

    def __str__(self) -> str:
        return f"{self.authority_id} {self.word}〔{self.year}〕{self.last}"


class Dossier(models.Model):
    """A numbered matter with a procedure (卷宗): the base row of every kind; facts live in the kind's own table.

    `state` is protected: only `services.advance` moves it, and the database refuses at commit any state that no
    declared transition, recorded by an event of the same transaction, leads to.
    """

    kind = models.CharField(_("kind"), max_length=20, editable=False)
    procedure_version = models.PositiveSmallIntegerField(_("version of the procedure"), editable=False)
    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    subject = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="dossiers", verbose_name=_("party concerned")
    )
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="owned_dossiers", verbose_name=_("authority"))
    officers = models.ManyToManyField(User, through="Assignment", related_name="dossiers", verbose_name=_("officers"))
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="consequences", verbose_name=_("arose from")
    )
    state = FSMField(_("state"), max_length=40, protected=True)
    open_to_subject = models.BooleanField(
        _("open to the party"), default=False, help_text=_("The party concerned sees it once it has been served.")
    )
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    events_count = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(_("hash of the last event"), max_length=64, blank=True, editable=False)
    sealed_seq = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ("-opened_at", "-pk")
        indexes = (
            models.Index(fields=("authority", "kind", "-opened_at", "-id"), name="dossier_by_authority"),
            models.Index(fields=("kind", "-opened_at", "-id"), name="dossier_by_kind"),
            models.Index(fields=("-opened_at", "-id"), name="dossier_by_time"),
            models.Index(fields=("subject", "-opened_at"), name="dossier_by_subject"),
            models.Index(
                fields=("authority", "kind", "state"), condition=Q(closed_at__isnull=True), name="dossier_open_by_state"
            ),
            models.Index(fields=("id",), condition=Q(events_count__gt=F("sealed_seq")), name="dossier_unsealed"),
            GinIndex(OpClass("number", name="gin_trgm_ops"), name="dossier_number_trigrams"),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="dossier_title_trigrams"),
        )

    def __str__(self) -> str:
        return self.number

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload; the protected state has to be let go first."""
        self.__dict__.pop("state", None)
        self.__dict__.pop("running", None)
        super().refresh_from_db(*args, **kwargs)

    @property
    def procedure(self) -> type[Procedure]:
        """The procedure this kind of dossier runs under."""
        return Procedure.registry[self.kind]

    @property
    def state_label(self) -> str:
        return str(self.procedure.State(self.state).label)

    @property
    def is_closed(self) -> bool:
        return self.state in self.procedure.final

    @cached_property
    def running(self) -> dict[str, "Term"]:
        """The newest term of each kind, by kind; read once per loaded dossier."""
        return {term.kind: term for term in self.term_set.order_by("pk")}

    def term(self, kind: str) -> "Term | None":
        """The newest term of this kind, or None when it never started."""
        return self.running.get(kind)


class Assignment(models.Model):
    """An officer's charge of a dossier; ended, never removed, when somebody withdraws (HY-34, PP-5)."""

    class Duty(models.TextChoices):
        LEAD = "lead", _("in charge")
        ASSIST = "assist", _("assisting")
        REVIEW = "review", _("legal review")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name=_("officer"))
    duty = models.CharField(_("duty"), max_length=8, choices=Duty.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "user", "duty"), condition=Q(until__isnull=True), name="one_duty_at_a_time"
            ),
        )
        indexes = (
            models.Index(
                fields=("user", "dossier"), condition=Q(until__isnull=True), name="assignment_running_by_user"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_duty_display()}"


class Event(models.Model):
    """What happened (HY-34, HY-48): appended with the change it tells, chained by hash, never edited or removed.

    `verb` is a step's name or one of `verbs`; `facts` are the cleaned facts of the step; the sentence is made on show.
    `key` is the caller's idempotency key: a second call with the same key returns this event instead of acting.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    law = models.JSONField(default=list)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    key = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001 - absent is not empty: unique
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    transaction = models.BigIntegerField(
        db_default=models.expressions.RawSQL("(pg_current_xact_id()::text::bigint)", ()), editable=False
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("dossier", "seq")
        constraints = (
            models.UniqueConstraint(fields=("dossier", "seq"), name="event_once_per_place"),
            models.UniqueConstraint(fields=("dossier", "key"), name="event_once_per_key"),
        )
        indexes = (models.Index(fields=("at",), name="event_by_time"),)

    def __str__(self) -> str:
        return f"{self.dossier_id}#{self.seq} {self.verb}"

    @property
    def step(self) -> Step | None:
        """The declared step this event records, or None for another happening."""
        return self.dossier.procedure.steps.get(self.verb)

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        declared = self.step
        return str(declared.done) if declared else verbs.label(self.verb, self.dossier.procedure)


class Term(models.Model):
    """By when (PP-58): a statutory term with how it was computed, so the page can show the arithmetic.

    One counted in hours runs from the moment of its step and ends at the instant `until`; its `due` is the day, in the
    city's time, on which that instant falls. Every other ends with its last day.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("term", "running")
        PAUSED = "paused", _("paused")
        MET = "met", _("met")
        LAPSED = "lapsed", _("lapsed")
        OVERDUE = "overdue", _("overdue")

    dossier = models.ForeignKey(Dossier, models.PROTECT)
    kind = models.CharField(_("kind"), max_length=40)
    law = models.CharField(_("law"), max_length=40)
    setting = models.CharField(_("setting"), max_length=60)
    start = models.DateField(_("starts"))
    n = models.PositiveSmallIntegerField(_("length"))
    unit = models.CharField(_("unit"), max_length=2, choices=Unit.choices)
    due = models.DateField(_("due"))
    until = models.DateTimeField(_("ends at"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    excluded_days = models.PositiveSmallIntegerField(_("days excluded"), default=0)
    paused_on = models.DateField(_("paused on"), null=True, blank=True)
    steps = models.JSONField(_("computation"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "kind"),
                condition=Q(state__in=("running", "paused", "overdue")),
                name="one_open_term_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=False, unit=Unit.HOURS) | (Q(until__isnull=True) & ~Q(unit=Unit.HOURS)),
                name="term_in_hours_ends_at_an_instant",
            ),
        )
        indexes = (
            models.Index(fields=("due",), condition=Q(state="running"), name="term_running_by_due"),
            models.Index(
                fields=("due", "dossier"), condition=Q(state__in=("running", "overdue")), name="term_open_by_due"
            ),
            models.Index(fields=("dossier",), condition=Q(state="overdue"), name="term_overdue"),
        )

    def __str__(self) -> str:
        return f"{self.kind} → {self.due}"

    def is_over(self, moment: datetime) -> bool:
        """Whether at this moment its last day has ended, or its instant has passed."""
        return moment > self.until if self.until is not None else timezone.localdate(moment) > self.due

    @property
    def closed(self) -> bool:
        """Nothing more is awaited: it was met or has lapsed."""
        return self.state in (self.State.MET, self.State.LAPSED)

    @property
    def is_open(self) -> bool:
        return not self.closed

    @property
    def label(self) -> str:
        spec = self.dossier.procedure.terms.get(self.kind)
        return str(spec.label) if spec else self.kind


class Transition(models.Model):
    """The moves that procedures declare, copied here at migrate so that the database itself can refuse any other."""

    kind = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=60)
    source = models.CharField(max_length=40, blank=True)  # empty: the opening of a dossier
    target = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "version", "step", "source"), name="transition_declared_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind}/{self.version}: {self.source} —{self.step}→ {self.target}"


class Seal(models.Model):
    """A Merkle root over the heads of every dossier that moved since the last seal, chained to it; published daily."""

    number = models.PositiveIntegerField(unique=True)
    leaves = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number}: {self.hash}"


class SealLeaf(models.Model):
    """The head of one dossier as a seal took it in."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="sealed")
    place = models.PositiveIntegerField()
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("seal", "place"), name="one_leaf_per_place"),)

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.place}"
