"""One inspection of one party, and the recusals of its officers (HY-31…34)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Certificate, DeclaredInterest, User
from supervision.procedure.models import Dossier
from supervision.records.models import Paper

from ...officers import officers_of
from ..procedure import InspectionProcedure
from .checklists import ChecklistVersion, Theme
from .findings import Finding
from .records import SiteRecord
from .seen import Answer


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
        """Findings still standing that cite no evidence but the record that tells of them."""
        records = self.papers.filter(type="site_record").values("sha256")
        proofs = self.evidence.exclude(sha256__in=records)
        standing = self.findings.exclude(status=Finding.Status.DROPPED)
        return standing.exclude(pk__in=standing.filter(evidence__in=proofs).values("pk")).count()

    @property
    def site_record_paper(self) -> Paper | None:
        """The record as it was issued when it was signed or refused."""
        return self.papers.filter(type="site_record", state=Paper.State.ISSUED).order_by("pk").last()

    @property
    def site_record_or_none(self) -> SiteRecord | None:
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
