"""What breaches and cases share: statements answered point by point, collective discussion, legal review."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Authority, User
from supervision.procedure.models import Dossier


class Statement(models.Model):
    """What the party said in its defence (HY-22, PL-45); an oral one is kept as its transcript.

    Its points are rows, each answered before anything is decided.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="statements", verbose_name=_("dossier"))
    made_on = models.DateField(_("made on"))
    received_on = models.DateField(_("received after its days were over, on"), null=True, blank=True)
    made_by = models.CharField(_("made by"), max_length=100)
    oral = models.BooleanField(_("oral, written down by the officer"), default=False)
    text = models.TextField(_("statement"))
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.made_by} {self.made_on}"

    @property
    def answered(self) -> bool:
        """Every point has its answer."""
        return all(point.is_answered for point in self.points.all())


class StatementPoint(models.Model):
    """One point of a statement and the authority's answer to it; answered once."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="points", verbose_name=_("statement"))
    place = models.PositiveSmallIntegerField(_("place"))
    text = models.TextField(_("point"))
    answer = models.TextField(_("answer"), blank=True)
    accepted = models.BooleanField(_("accepted"), null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("point of a statement")
        verbose_name_plural = _("points of a statement")
        ordering = ("statement", "place")
        constraints = (
            models.UniqueConstraint(fields=("statement", "place"), name="one_point_per_place"),
            models.CheckConstraint(
                condition=Q(answer="", accepted__isnull=True) | (~Q(answer="") & Q(accepted__isnull=False)),
                name="point_answered_in_full",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def is_answered(self) -> bool:
        return self.answer != ""


class Deliberation(models.Model):
    """A collective discussion with who attended, the votes and the dissent (HY-21, PP-44).

    `purpose` tells discussions of one dossier apart: the name of the step that recorded it, unless its form says
    otherwise. `carried`: the members present exceeded the share `quorum` of those entitled, and more than half of
    them voted for it.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="deliberations", verbose_name=_("dossier"))
    purpose = models.CharField(_("purpose"), max_length=60)
    body = models.ForeignKey(Authority, models.PROTECT, related_name="+", verbose_name=_("body"))
    level = models.CharField(_("level"), max_length=60)
    held_on = models.DateField(_("held on"))
    begun_at = models.TimeField(_("begun at"), null=True, blank=True)
    ended_at = models.TimeField(_("ended at"), null=True, blank=True)
    place = models.CharField(_("place of the discussion"), max_length=200, blank=True)
    recorder = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("minutes taken by")
    )
    chair = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("chair"))
    attendees = models.ManyToManyField(User, related_name="+", verbose_name=_("attended by"))
    heard = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("heard without a vote"))
    present = models.PositiveSmallIntegerField(_("members present"))
    entitled = models.PositiveSmallIntegerField(_("members entitled to attend"))
    quorum = models.DecimalField(_("share to be exceeded"), max_digits=5, decimal_places=4)
    votes_for = models.PositiveSmallIntegerField(_("votes for"))
    votes_against = models.PositiveSmallIntegerField(_("votes against"))
    abstained = models.PositiveSmallIntegerField(_("abstentions"))
    dissent = models.TextField(_("dissent"), blank=True)
    resolution = models.TextField(_("resolution"))
    carried = models.BooleanField(_("carried"))
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("collective discussion")
        verbose_name_plural = _("collective discussions")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(present__gte=F("votes_for") + F("votes_against") + F("abstained")),
                name="no_more_votes_than_members_present",
            ),
            models.CheckConstraint(condition=Q(present__lte=F("entitled")), name="no_more_present_than_entitled"),
            models.CheckConstraint(
                condition=Q(carried=False) | Q(present__lt=F("votes_for") * 2), name="carried_by_a_majority"
            ),
        )

    def __str__(self) -> str:
        return f"{self.body} {self.held_on}"


class Vote(models.Model):
    """How one member of the body voted in a discussion and what the member said (PP-44, HY-21).

    Of discussions entered before members had rows of their own there are none.
    """

    class Choice(models.TextChoices):
        FOR = "for", pgettext_lazy("vote", "for")
        AGAINST = "against", pgettext_lazy("vote", "against")
        ABSTAINED = "abstained", pgettext_lazy("vote", "abstained")

    deliberation = models.ForeignKey(
        Deliberation, models.PROTECT, related_name="votes", verbose_name=_("collective discussion")
    )
    member = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("member"))
    choice = models.CharField(_("vote"), max_length=9, choices=Choice.choices)
    opinion = models.TextField(_("what was said"), blank=True)

    class Meta:
        verbose_name = _("vote of a member")
        verbose_name_plural = _("votes of members")
        ordering = ("deliberation", "pk")
        constraints = (
            models.UniqueConstraint(fields=("deliberation", "member"), name="one_vote_per_member"),
            models.CheckConstraint(condition=Q(choice="for") | ~Q(opinion=""), name="dissent_has_its_words"),
        )

    def __str__(self) -> str:
        return f"{self.member} {self.get_choice_display()}"


class LegalReview(models.Model):
    """A legal review (HY-40, PP-37…40): asked for, then decided once with an opinion and its reasons."""

    class Opinion(models.TextChoices):
        AGREE = "agree", _("agree")
        INVESTIGATE = "investigate", _("investigate further")
        CHANGE = "change", _("change the handling")
        CORRECT = "correct", _("correct the procedure")
        OTHER = "other", _("other opinion")

    class Point(models.TextChoices):
        COMPETENCE = "competence", _("the bureau is competent and its officers are qualified")
        JURISDICTION = "jurisdiction", _("the case lies within its jurisdiction")
        FACTS = "facts", _("the facts are clear, the evidence lawful and sufficient")
        NATURE = "nature", _("the conduct is rightly characterized")
        LAW = "law", _("the law is rightly applied")
        DISCRETION = "discretion", _("the discretion is rightly used")
        PROCEDURE = "procedure", _("the procedure is lawful")
        PAPERS = "papers", _("the papers are complete and in form")
        CRIME = "crime", _("a suspected crime is referred, or there is none")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="legal_reviews", verbose_name=_("dossier"))
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewer"))
    requested_at = models.DateTimeField(_("requested"))
    opinion = models.CharField(_("opinion"), max_length=11, choices=Opinion.choices, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    sound = ArrayField(
        models.CharField(max_length=12, choices=Point.choices),
        default=list,
        blank=True,
        verbose_name=_("points found in order"),
    )
    passed = models.BooleanField(_("passed"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("legal review")
        verbose_name_plural = _("legal reviews")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(opinion="", passed__isnull=True, decided_at__isnull=True)
                | Q(opinion="agree", passed=True, decided_at__isnull=False, reviewer__isnull=False)
                | (
                    Q(opinion__in=("investigate", "change", "correct", "other"))
                    & Q(passed=False, decided_at__isnull=False, reviewer__isnull=False)
                    & ~Q(reasons="")
                ),
                name="review_passes_only_by_agreement",
            ),
            models.UniqueConstraint(
                fields=("dossier",), condition=Q(decided_at__isnull=True), name="one_open_review_per_dossier"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.get_opinion_display()}"

    @property
    def points(self) -> list[tuple[str, bool]]:
        """Each point in words and whether it was found in order (PP-38); nothing for a review that has no points."""
        return [(str(point.label), point in self.sound) for point in self.Point] if self.sound else []
