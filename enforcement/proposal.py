"""The form by which the filing of a case is proposed, filled beforehand from the matter it arises from (PP-14)."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inspections.models import Finding, InspectionTask, Lead
from inspections.officers import OfficersField, officers_of
from inspections.parties import PartyField, parties_within
from inspections.selectors import confirmed_findings
from supervision.law.catalogue import rule
from supervision.parties.actors import Actor, holders
from supervision.parties.models import User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.registry import concrete
from supervision.records.fields import PastField


class ProposeForm(forms.Form):
    """Whom the case is against, why, since when it is known, and who is to investigate (PP-14, PP-16)."""

    title = forms.CharField(label=_("Title of the case"), max_length=200)
    subject = PartyField(label=_("Party concerned"))
    cause = forms.CharField(
        label=_("Source and cause"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Where the matter comes from, what was found, which provision it may have violated."),
    )  # fmt: skip
    discovered_on = PastField(
        label=_("Discovered on"), help_text=_("The days to decide on filing are counted from here.")
    )
    conduct_ended_on = PastField(
        label=_("Conduct ended on"), required=False,
        help_text=_("Where it is known: the limitation is counted from here to the discovery."),
    )  # fmt: skip
    harms_health = forms.BooleanField(
        label=_("Life or health was harmed"), required=False, help_text=_("The limitation is longer then.")
    )
    lead = forms.ModelChoiceField(label=_("In charge of the investigation"), queryset=User.objects.none())
    officers = OfficersField(label=_("Investigated together with"), help_text=_("A case has at least two officers."))

    def __init__(self, *args: Any, actor: Actor, origin: Dossier | None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": offered(origin), **kwargs})
        self.origin = origin
        self.fields["subject"].queryset = parties_within(actor)  # type: ignore[attr-defined]
        if actor.authority is not None:
            held = holders(actor.authority, [Role.BUREAU_OFFICER], clock.today()).order_by("name", "pk")
            for name in ("lead", "officers"):
                self.fields[name].queryset = held  # type: ignore[attr-defined]
        first, *others = self.initial.get("officers") or [actor.user.pk if actor.user else None]
        self.initial = {**self.initial, "lead": first, "officers": others}

    def clean_discovered_on(self) -> date:
        day: date = self.cleaned_data["discovered_on"]
        not_after_the_lead(day, self.origin)
        return day

    def clean(self) -> dict[str, Any]:
        """`officers` as the service takes them, the one in charge first (PP-16)."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        lead, officers = cleaned.pop("lead", None), cleaned.get("officers")
        if lead and officers:
            others = [officer for officer in officers if officer != lead]
            cleaned["officers"] = [lead, *others]
            if not others:
                self.add_error("officers", _("Choose somebody besides the one in charge."))
        return cleaned


def not_after_the_lead(day: date, origin: Dossier | None) -> None:
    """PP-14 counts from the receipt of the lead: a later discovery would lengthen the term. Raises ValidationError."""
    lead = Lead.objects.filter(pk=origin.pk).first() if origin is not None else None
    if lead is not None and day > lead.received_on:
        sentence = _("The lead was received on %(day)s; the days are counted from then at the latest.")
        raise forms.ValidationError(sentence, params={"day": lead.received_on.isoformat()})


def offered(origin: Dossier | None) -> dict[str, Any]:
    """What the matter of origin already says: party, cause from its findings or its report, day, officers."""
    if origin is None:
        return {"discovered_on": clock.today()}
    confirmed = list(confirmed_findings(origin))
    found = [finding for finding in confirmed if finding.act] or confirmed
    visits = [origin, *dict.fromkeys(finding.task for finding in found)]
    matter = concrete(origin)
    lines = [gettext("Comes from %(kind)s %(number)s.") % {"kind": matter.procedure.label, "number": origin.number}]
    lines += [_told(finding) for finding in found]
    if isinstance(matter, Lead) and not matter.from_informant:  # what a tip says may tell who gave it (HY-45)
        lines.append(matter.verification or matter.description)
    discovered = timezone.localdate(origin.closed_at or origin.opened_at)
    if isinstance(matter, Lead):
        discovered = matter.received_on
    elif isinstance(matter, InspectionTask) and matter.identity_shown_at:
        discovered = timezone.localdate(matter.identity_shown_at)
    return {
        "title": _title(origin, found),
        "subject": origin.subject,
        "cause": "\n".join(line for line in lines if line),
        "discovered_on": discovered,
        "conduct_ended_on": max((finding.period_to for finding in found if finding.period_to), default=None),
        "officers": list(dict.fromkeys(officer.pk for one in visits for officer in officers_of(one))),
    }


def _title(origin: Dossier, found: list[Finding]) -> str:
    """What the case is called: the party and the act it is suspected of, where a finding names one."""
    acts = [str(rule(finding.act).text).strip("。. ") for finding in found if finding.act]
    if origin.subject is None or not acts:
        lead = concrete(origin)
        return "" if isinstance(lead, Lead) and lead.from_informant else origin.title
    return (gettext("%(party)s: %(act)s") % {"party": origin.subject.name, "act": acts[0]})[:200]


def _told(finding: Finding) -> str:
    """A confirmed finding as a sentence."""
    said = {
        "what": finding.description.strip().rstrip("。.;；"),
        "fund": finding.get_fund_display(),
        "amount": f"{finding.amount:,.2f}",
    }
    if not finding.act:
        return gettext("The inspection found: %(what)s; %(fund)s, %(amount)s yuan.") % said
    act = str(rule(finding.act).text).strip("。. ")
    return gettext("The inspection found: %(what)s; %(fund)s, %(amount)s yuan; suspected: %(act)s.") % {
        **said,
        "act": act,
    }
