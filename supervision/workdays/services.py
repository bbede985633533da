"""The calendar in force, and loading a year's notice into it."""

from collections.abc import Mapping
from datetime import date

import structlog
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from supervision.process_cache import Kept
from supervision.workdays.arithmetic import SATURDAY, Calendar, YearDays
from supervision.workdays.models import SpecialDay, Year
from supervision.workdays.published import Festival, published_years

log = structlog.get_logger(__name__)


def _load() -> Calendar:
    loaded: dict[int, YearDays] = {}
    revisions = Year.objects.order_by("year", "-revision").distinct("year").prefetch_related("days")
    for year in revisions:
        by_kind: dict[str, dict[date, str]] = {kind: {} for kind in SpecialDay.Kind.values}
        for special in year.days.all():
            by_kind[special.kind][special.day] = special.festival
        loaded[year.year] = YearDays(
            holidays=by_kind[SpecialDay.Kind.HOLIDAY], workdays=by_kind[SpecialDay.Kind.WORKDAY]
        )
    return Calendar({**published_years(), **loaded})


kept_calendar = Kept("workdays", _load)


def calendar() -> Calendar:
    """The calendar in force: the notices shipped with the software, with the bureau's own years above them.

    Kept in the process; no query after the first call until a year is loaded.
    """
    return kept_calendar()


def load_year(
    *,
    year: int,
    holidays: Mapping[date, str],
    workdays: Mapping[date, str],
    notice: str,
    reason: str,
    set_by: str,
) -> Year:
    """Put a year's notice in force as its next revision; earlier revisions remain as the record.

    ``holidays`` and ``workdays``: day → Festival. ``notice`` names the State Council's document, ``reason``
    says why it is loaded or replaced, ``set_by`` is the officer's name. Raises ValidationError naming every
    unlawful day.
    """
    _check(year, holidays, workdays, notice=notice, reason=reason, set_by=set_by)
    with transaction.atomic():
        with connection.cursor() as cursor:  # two officers loading at once get consecutive revisions
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"workdays.year.{year}"])
        last = Year.objects.filter(year=year).order_by("-revision").values_list("revision", flat=True).first()
        row = Year.objects.create(year=year, revision=(last or 0) + 1, notice=notice, reason=reason, set_by=set_by)
        SpecialDay.objects.bulk_create(
            SpecialDay(year=row, day=day, kind=kind, festival=festival)
            for kind, days in ((SpecialDay.Kind.HOLIDAY, holidays), (SpecialDay.Kind.WORKDAY, workdays))
            for day, festival in sorted(days.items())
        )
        kept_calendar.changed()
    log.info("workdays_year_loaded", year=year, revision=row.revision, set_by=set_by)
    return row


def _check(year: int, holidays: Mapping[date, str], workdays: Mapping[date, str], **texts: str) -> None:
    errors = []
    if not 2000 <= year <= 2100:
        errors.append(_("The year must lie between 2000 and 2100."))
    if not holidays:
        errors.append(_("A year without a single holiday is not a notice."))
    names = {"notice": pgettext("holidays", "notice"), "reason": _("reason"), "set_by": _("set by")}
    errors += [_("Say the %(what)s.") % {"what": names[key]} for key, text in texts.items() if not text.strip()]
    for day in sorted({*holidays, *workdays}):
        if day.year != year:
            errors.append(_("%(day)s does not lie in %(year)s.") % {"day": day, "year": year})
    for day in sorted(holidays.keys() & workdays.keys()):
        errors.append(_("%(day)s is both a holiday and a workday.") % {"day": day})
    for day in sorted(workdays):
        if day.weekday() < SATURDAY:
            errors.append(_("%(day)s is worked anyway: only a weekend day can be a make-up workday.") % {"day": day})
    for festival in sorted({*holidays.values(), *workdays.values()} - set(Festival.values)):
        errors.append(_("Unknown festival: %(festival)s.") % {"festival": festival})
    if errors:
        raise ValidationError(errors)
