"""Checklists, inspection tasks and what comes out of them (HY-27…34)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from supervision.law import catalogue
from supervision.parties.models import Certificate, DeclaredInterest, Practitioner, Provider, ProviderDepartment, User
from supervision.procedure.models import Dossier
from supervision.records.models import Evidence

from ..officers import officers_of
from .procedure import InspectionProcedure


class InspectionKind(models.TextChoices):
    """How an inspection comes about and is carried out (HY-31, HY-32, UI)."""

    PATROL = "patrol", _("daily patrol")
    ROUTINE = "routine", _("routine inspection (double random)")
    TARGETED = "targeted", _("targeted inspection")
    SPECIAL = "special", _("special inspection")
    UNANNOUNCED = "unannounced", _("unannounced inspection")
    CROSS = "cross", _("cross-county inspection")
    JOINT = "joint", _("joint inspection")
    EXPERT_REVIEW = "expert_review", _("expert review of documents")


class Theme(models.TextChoices):
    """What a checklist or an inspection looks for in particular (NJ-3.3)."""

    GENERAL = "general", _("general")
    SHAM_ADMISSION = "sham_admission", _("sham admission")
    FREQUENT_ADMISSION = "frequent_admission", _("frequent admission")
    SHAM_PRESCRIPTION = "sham_prescription", _("sham prescription")
    RESOLD_DRUGS = "resold_drugs", _("resold drugs")
    SUBSTITUTION = "substitution", _("substituted drugs")


class Checklist(models.Model):
    """A list of what is examined at one kind of subject under one theme; its content lives in its versions."""

    class Subject(models.TextChoices):
        AGENCY = "agency", _("handling agency")
        PROVIDER = "provider", _("designated provider")
        PERSON = "person", _("individual")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    subject = models.CharField(_("subject"), max_length=10, choices=Subject.choices)
    sort = models.CharField(_("class of provider"), max_length=16, choices=Provider.Sort.choices, blank=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme.choices, default=Theme.GENERAL)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ("subject", "sort", "theme", "code")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class ChecklistVersion(models.Model):
    """A published state of a checklist; the database keeps it and its items as they are, because tasks rest on them."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="versions", verbose_name=_("checklist"))
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("published by")
    )
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("checklist version")
        verbose_name_plural = _("checklist versions")
        ordering = ("checklist", "-number")
        constraints = (models.UniqueConstraint(fields=("checklist", "number"), name="checklist_version_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.checklist} v{self.number}"


class ChecklistItem(models.Model):
    """One thing to look at: its words, the article behind it, and whether something is counted on the spot."""

    version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(_("place"))
    code = models.SlugField(_("code"), max_length=20)
    text = models.CharField(_("what is examined"), max_length=300)
    text_en = models.CharField(_("in English"), max_length=300)
    law = models.CharField(_("article"), max_length=20)
    counted = models.CharField(
        _("what is counted"), max_length=40, blank=True, help_text=_("Such as persons in bed; empty: nothing.")
    )
    counted_en = models.CharField(_("counted, in English"), max_length=40, blank=True)
    compared = models.BooleanField(
        _("against the books"), default=False, help_text=_("The number counted is set beside the one in the books.")
    )

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ("version", "place")
        constraints = (
            models.UniqueConstraint(fields=("version", "code"), name="checklist_item_code_once"),
            models.UniqueConstraint(fields=("version", "place"), name="checklist_item_place_once"),
        )

    def __str__(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text

    @property
    def count_label(self) -> str:
        return self.counted_en if (get_language() or "").startswith("en") else self.counted


class InspectionTask(InspectionProcedure, Dossier):
    """One inspection of one party: who goes, what is examined, what was found (一查一档).

    `draw_ref` names the place in a draw the task comes from; with it `open_task` is idempotent. `checklist` is frozen
    when the task opens.
    """

    class Conclusion(models.TextChoices):
        CLEAR = "clear", _("no problem found")
        TO_AGENCY = "to_agency", _("to the agency, as a breach")
        TO_CASE = "to_case", _("to the bureau, as a case")

    inspection_kind = models.CharField(_("kind of inspection"), max_length=16, choices=InspectionKind.choices)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme.choices, default=Theme.GENERAL)
    draw_ref = models.CharField(_("draw"), max_length=120, blank=True, editable=False)
    opening_key = models.CharField(max_length=80, blank=True, editable=False)
    checklist = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="tasks", verbose_name=_("checklist"))
    planned_for = models.DateField(_("planned for"), null=True, blank=True)
    examined_from = models.DateField(_("period examined from"), null=True, blank=True)
    examined_to = models.DateField(_("period examined to"), null=True, blank=True)
    identity_shown_at = models.DateTimeField(_("identity shown"), null=True, blank=True)
    received_by = models.CharField(_("received by"), max_length=60, blank=True)
    received_post = models.CharField(_("post of the receiver"), max_length=60, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=12, choices=Conclusion.choices, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = (
            models.UniqueConstraint(fields=("draw_ref",), condition=~Q(draw_ref=""), name="task_once_per_draw_place"),
            models.UniqueConstraint(fields=("opening_key",), condition=~Q(opening_key=""), name="task_once_per_key"),
            models.CheckConstraint(
                condition=Q(examined_from__isnull=True)
                | Q(examined_to__isnull=True)
                | Q(examined_from__lte=F("examined_to")),
                name="task_period_in_order",
            ),
        )
        indexes = (models.Index(fields=("identity_shown_at",), name="task_by_visit"),)

    @cached_property
    def officers_now(self) -> list[User]:
        """Who is assigned now, the one in charge first."""
        return officers_of(self)

    def certified(self, on: date) -> list[User]:
        """Those of the officers whose certificate is valid on that day: to enforce, or at an agency to audit."""
        kinds = [Certificate.Kind.ENFORCEMENT]
        if self.authority.is_agency:
            kinds.append(Certificate.Kind.AUDIT)
        valid = set(
            Certificate.objects.filter(user__in=self.officers_now, kind__in=kinds, valid__contains=on).values_list(
                "user", flat=True
            )
        )
        return [user for user in self.officers_now if user.pk in valid]

    def interested(self, on: date) -> list[User]:
        """Those of the officers who have declared an interest in the party (HY-34)."""
        if self.subject_id is None:
            return []
        tied = set(
            DeclaredInterest.objects.filter(
                user__in=self.officers_now, party=self.subject_id, valid__contains=on
            ).values_list("user", flat=True)
        )
        return [user for user in self.officers_now if user.pk in tied]

    @cached_property
    def recusals_open(self) -> int:
        """How many recusals the head has still to decide."""
        return self.recusals.filter(decision="").count()

    @cached_property
    def progress(self) -> tuple[int, int]:
        """Items answered, items to answer."""
        return self.answers.count(), self.checklist.items.count()

    @cached_property
    def unexplained(self) -> int:
        """Items found not in order without a word or a number to say why."""
        return self.answers.filter(answer=Answer.Answer.NO, note="", counted=None).count()

    @cached_property
    def unaccounted(self) -> int:
        """Items said to be in order though their numbers differ, without a word to say why."""
        in_order = self.answers.filter(answer=Answer.Answer.YES, note="")
        return in_order.exclude(expected=None).exclude(counted=None).exclude(expected=F("counted")).count()

    @cached_property
    def findings_by_status(self) -> dict[str, int]:
        """How many findings stand at each status."""
        counted = self.findings.values_list("status").annotate(models.Count("pk"))
        return dict(counted)

    @cached_property
    def unproven(self) -> int:
        """Findings still standing that cite no evidence."""
        return self.findings.exclude(status=Finding.Status.DROPPED).filter(evidence=None).count()

    @property
    def site_record_or_none(self) -> "SiteRecord | None":
        return SiteRecord.objects.filter(task=self.pk).first()


class Recusal(models.Model):
    """That an officer should withdraw from a matter, and what the head decided (HY-34, PP-5)."""

    class Ground(models.TextChoices):
        OWN = "own", _("declared by the officer")
        REQUESTED = "requested", _("requested by the party")
        KNOWN = "known", _("required by a known interest")

    class Decision(models.TextChoices):
        WITHDRAWS = "withdraws", _("withdraws")
        STAYS = "stays", _("stays")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="recusals")
    officer = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("inspection", "officer")
    )
    ground = models.CharField(_("ground"), max_length=10, choices=Ground.choices)
    reason = models.TextField(_("reason"))
    raised_at = models.DateTimeField(_("raised"))
    decision = models.CharField(
        pgettext_lazy("recusal", "decision"), max_length=10, choices=Decision.choices, blank=True
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(pgettext_lazy("recusal", "decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "officer"), condition=Q(decision=""), name="one_open_recusal_per_officer"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="recusal_decided_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer} · {self.get_ground_display()}"


class Answer(models.Model):
    """What was seen on one item: in order or not, the words and the numbers that say so."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_APPLICABLE = "na", _("not applicable")

    task = models.ForeignKey(InspectionTask, models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    answer = models.CharField(_("in order"), max_length=4, choices=Answer.choices)
    note = models.TextField(_("what was seen"), blank=True)
    expected = models.PositiveIntegerField(_("by the books"), null=True, blank=True)
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("filled in by"))
    at = models.DateTimeField(_("filled in"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("item__place",)
        constraints = (models.UniqueConstraint(fields=("task", "item"), name="one_answer_per_item"),)

    def __str__(self) -> str:
        return f"{self.item} — {self.get_answer_display()}"

    @property
    def differs(self) -> bool:
        """Said to be in order although the number counted is not the one in the books, or faults were counted."""
        if self.answer != self.Answer.YES or self.counted is None:
            return False
        if self.item.compared:
            return self.expected is not None and self.expected != self.counted
        return self.counted > 0


class Photo(models.Model):
    """A photo or recording made on the spot, kept as evidence, with the item it shows."""

    task = models.ForeignKey(InspectionTask, models.PROTECT, related_name="photos")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="photo")
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("taken_at", "pk")

    def __str__(self) -> str:
        return str(self.evidence)


class Finding(models.Model):
    """Conduct found in an inspection, with its sum: what a breach or a case is later built on.

    `act` is a rule id of the violation catalogue such as RG-38.1; `clause` a clause of the agreement; at least one
    of them. `amount` is the fund's loss in yuan.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("dropped")

    task = models.ForeignKey(InspectionTask, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("number"))
    act = models.CharField(_("act"), max_length=20, blank=True)
    clause = models.CharField(_("clause of the agreement"), max_length=120, blank=True)
    description = models.TextField(_("description"))
    persons = models.PositiveIntegerField(_("persons concerned"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, help_text=_("Yuan."))
    fund = models.CharField(_("fund"), max_length=20, choices=Fund.choices)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_to = models.DateField(_("to"), null=True, blank=True)
    department = models.ForeignKey(
        ProviderDepartment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    practitioners = models.ManyToManyField(
        Practitioner, related_name="findings", blank=True, verbose_name=_("practitioners")
    )
    evidence = models.ManyToManyField(Evidence, related_name="findings", blank=True, verbose_name=_("evidence"))
    alert_ref = models.CharField(_("alert"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    dropped_because = models.TextField(_("dropped because"), blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("task", "number")
        constraints = (
            models.UniqueConstraint(fields=("task", "number"), name="finding_numbered_once"),
            models.CheckConstraint(condition=~Q(act="", clause=""), name="finding_names_act_or_clause"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="finding_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_to__isnull=True) | Q(period_from__lte=F("period_to")),
                name="finding_period_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(dropped_because=""), name="finding_dropped_with_reason"
            ),
        )

    def __str__(self) -> str:
        return self.description[:60]

    @property
    def act_rule(self) -> catalogue.Rule | None:
        """The act's entry in the law catalogue."""
        return catalogue.rule(self.act) if self.act else None


class SiteRecord(models.Model):
    """The on-site record (现场检查笔录): its text, and how it was signed or refused (HY-32).

    The database itself keeps a signed record from lacking a signer, and a refused one from lacking reason or witness.
    """

    class Outcome(models.TextChoices):
        DRAWN_UP = "drawn_up", _("drawn up")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("refused")

    task = models.OneToOneField(InspectionTask, models.PROTECT, related_name="site_record")
    place = models.CharField(_("place of the inspection"), max_length=200)
    begun_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(pgettext_lazy("moment", "ended"))
    text = models.TextField(_("text"))
    outcome = models.CharField(
        pgettext_lazy("record", "outcome"), max_length=10, choices=Outcome.choices, default=Outcome.DRAWN_UP
    )
    officers = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("signed by the officers"))
    signed_by = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_post = models.CharField(pgettext_lazy("signer", "post"), max_length=60, blank=True)
    remarks = models.TextField(_("the party's remarks"), blank=True)
    refused_because = models.TextField(_("reason of the refusal"), blank=True)
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    witness_post = models.CharField(_("witness, of"), max_length=120, blank=True)
    proof = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signature or recording")
    )
    on_paper = models.BooleanField(_("signed by hand on the printed record"), null=True, blank=True)
    settled_at = models.DateTimeField(_("signed or refused"), null=True, blank=True)

    class Meta:
        verbose_name = _("on-site record")
        verbose_name_plural = _("on-site records")
        constraints = (
            models.CheckConstraint(condition=Q(begun_at__lte=F("ended_at")), name="site_record_in_order"),
            models.CheckConstraint(
                condition=~Q(outcome="signed") | (~Q(signed_by="") & Q(settled_at__isnull=False)),
                name="site_record_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused")
                | (~Q(refused_because="") & ~Q(witness="") & Q(settled_at__isnull=False)),
                name="site_record_refused_with_witness",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} · {self.get_outcome_display()}"
