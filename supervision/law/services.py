"""Setting a number of the law for an authority: dated, reasoned, recorded."""

from datetime import date, timedelta
from decimal import Decimal

import structlog
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from supervision.law import catalogue
from supervision.law.catalogue import Setting, ValueUnit
from supervision.law.models import DatedSetting, SettingChange
from supervision.law.values import UnknownSetting, kept_settings

log = structlog.get_logger(__name__)
WHOLE = frozenset({ValueUnit.WORKING, ValueUnit.CALENDAR, ValueUnit.MONTHS, ValueUnit.HOURS, ValueUnit.COUNT})


def set_value(
    *,
    scope: str,
    key: str,
    value: Decimal,
    effective_from: date,
    effective_to: date | None = None,
    article_note: str,
    reason: str,
    set_by: str,
) -> DatedSetting:
    """Put a value in force for the authority ``scope`` from a day on, in the setting's own unit.

    A value running past that day is ended the day before; one that begins later is in the way and refused.
    Raises UnknownSetting for a key that is not in the catalogue and ValidationError for a value or span that
    cannot be.
    """
    defaults = catalogue.settings().get(key)
    if defaults is None:
        raise UnknownSetting(key)
    _check(
        defaults[-1],
        value,
        effective_from,
        effective_to,
        scope=scope,
        article_note=article_note,
        reason=reason,
        set_by=set_by,
    )
    with transaction.atomic():
        _lock(scope, key)
        _make_room(scope, key, effective_from, effective_to, reason=reason, by=set_by)
        setting = DatedSetting.objects.create(
            scope=scope,
            key=key,
            value=value,
            effective_from=effective_from,
            effective_to=effective_to,
            article_note=article_note,
            reason=reason,
            set_by=set_by,
        )
        facts = {"value": str(value), "from": str(effective_from), "to": effective_to and str(effective_to)}
        SettingChange.objects.create(setting=setting, act=SettingChange.Act.SET, facts=facts, reason=reason, by=set_by)
        kept_settings.changed()
    log.info("law_setting_set", scope=scope, key=key, value=str(value), by=set_by)
    return setting


def end_value(*, setting: DatedSetting, effective_to: date, reason: str, by: str) -> DatedSetting:
    """End an authority's value after a day, so that its superior's or the catalogue's holds again.

    Raises ValidationError when the day lies before the value's first day or after its present end.
    """
    with transaction.atomic():
        _lock(setting.scope, setting.key)
        current = DatedSetting.objects.select_for_update().get(pk=setting.pk)
        if effective_to < current.effective_from or (current.effective_to or date.max) <= effective_to:
            raise ValidationError(_("The last day must lie within the span in which the value is in force."))
        if not reason.strip():
            raise ValidationError(_("Say the %(what)s.") % {"what": _("reason")})
        _end(current, effective_to, reason=reason, by=by)
        kept_settings.changed()
    return current


def _lock(scope: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"law.setting {scope} {key}"])


def _make_room(scope: str, key: str, start: date, end: date | None, *, reason: str, by: str) -> None:
    in_the_way = DatedSetting.objects.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=start))
    if end is not None:
        in_the_way = in_the_way.filter(effective_from__lte=end)
    for other in in_the_way.filter(scope=scope, key=key):
        if other.effective_from >= start:
            raise ValidationError(
                _("Another value is in force from %(day)s: end this one before it, or begin after it.")
                % {"day": other.effective_from}
            )
        _end(other, start - timedelta(days=1), reason=reason, by=by)


def _end(setting: DatedSetting, effective_to: date, *, reason: str, by: str) -> None:
    facts = {"from": str(setting.effective_to) if setting.effective_to else None, "to": str(effective_to)}
    setting.effective_to = effective_to
    setting.save(update_fields=["effective_to"])
    SettingChange.objects.create(setting=setting, act=SettingChange.Act.ENDED, facts=facts, reason=reason, by=by)


def _check(default: Setting, value: Decimal, effective_from: date, effective_to: date | None, **texts: str) -> None:
    errors = []
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** 14:
        errors.append(_("The value must be a number of zero or more."))
    elif default.unit in WHOLE and value != value.to_integral_value():
        errors.append(_("The value must be a whole number."))
    elif value != value.quantize(Decimal(10) ** (-2 if default.unit == ValueUnit.YUAN else -4)):
        errors.append(_("The value has too many decimals."))
    elif default.unit == ValueUnit.PERCENT and value > 100:
        errors.append(_("A share cannot exceed 100 percent."))
    elif default.least is not None and value < default.least:
        errors.append(_("The law sets the least at %(least)s.") % {"least": default.least})
    elif default.most is not None and value > default.most:
        errors.append(_("The law sets the most at %(most)s.") % {"most": default.most})
    if effective_to is not None and effective_to < effective_from:
        errors.append(_("The last day lies before the first."))
    names = {
        "scope": _("authority"),
        "article_note": _("basis"),
        "reason": _("reason"),
        "set_by": _("set by"),
    }
    missing = [names[name] for name, text in texts.items() if not text.strip()]
    errors += [_("Say the %(what)s.") % {"what": what} for what in missing]
    if errors:
        raise ValidationError(errors)
