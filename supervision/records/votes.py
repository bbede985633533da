"""A form field for a collective discussion: of every member whether present, how the vote went and what was said."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Vote

Votes = dict[str, dict[str, str]]

NOT_A_MEMBER = _(
    "Only the leading members of the body that discusses vote; who investigated the matter is heard and does not."
)
NOBODY_CAME = ("", _("did not attend"))
# What the minutes print of a member who agreed and had nothing to add, where the recorder says so expressly.
NOTHING_ADDED = "无补充意见"


def is_ticked(value: Any) -> bool:
    """Whether a box came back ticked, from a page or as JSON."""
    return bool(forms.BooleanField(required=False).to_python(value))


class VotesWidget(forms.Widget):
    """A table with a row per member; also takes `{key: {"vote": …, "opinion": …, "silent": …}}` as it is."""

    template_name = "records/widgets/votes.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.names: Mapping[str, str] = {}
        self.labels: Mapping[str, str] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, dict[str, Any]]:
        """Whatever was filled in, by the key of the person, whoever it is; members without a vote are left out."""
        given = data.get(name)
        if isinstance(given, Mapping):
            rows = {str(key): dict(row) if isinstance(row, Mapping) else {"vote": row} for key, row in given.items()}
        else:
            rows = {}
            for field in data:
                if found := re.fullmatch(rf"{re.escape(name)}-(\d+)-(vote|opinion|silent)", str(field)):
                    rows.setdefault(found[1], {})[found[2]] = data[field]
        return {key: row for key, row in rows.items() if any(row.values())}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value or {}
        context["widget"]["choices"] = [NOBODY_CAME, *Vote.Choice.choices]
        context["widget"]["rows"] = [
            {
                "name": f"{name}-{key}",
                "member": self.names[key],
                "label": label,
                "vote": given.get(key, {}).get("vote", ""),
                "opinion": given.get(key, {}).get("opinion", ""),
                "silent": is_ticked(given.get(key, {}).get("silent")),
            }
            for key, label in self.labels.items()
        ]
        return context


class VotesField(forms.Field):
    """How each member present voted and what was said. Cleaned: `{key: {"name", "vote", "opinion"}}`.

    The form sets who the members are: `offer` takes their keys with name and label. Of every member the minutes hold
    an opinion (PP-44): the member's own words, or of one who votes in favour the recorder's express `silent`, which
    is kept and printed as `NOTHING_ADDED`. Who votes against or abstains says why.
    """

    widget = VotesWidget
    longest = 2000

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names: Mapping[str, str] = {}

    def offer(self, names: Mapping[str, str], labels: Mapping[str, str]) -> None:
        """Whose votes are asked for."""
        self.names = self.widget.names = names
        self.widget.labels = labels

    def to_python(self, value: Any) -> Votes:
        """Check persons, votes and words; raises ValidationError naming each that is wrong."""
        found: Votes = {}
        wrong: list[Any] = []
        for key, row in (value or {}).items():
            name = self.names.get(key)
            if name is None:
                wrong.append(NOT_A_MEMBER)
                continue
            vote, said = str(row.get("vote") or ""), str(row.get("opinion") or "").strip()
            if fault := self._fault(vote, said, silent=is_ticked(row.get("silent"))):
                wrong.append(fault % {"name": name})
            else:
                found[key] = {"name": name, "vote": vote, "opinion": said or NOTHING_ADDED}
        if wrong:
            raise forms.ValidationError(list(dict.fromkeys(wrong)))
        return found

    def _fault(self, vote: str, said: str, *, silent: bool) -> Any:
        """What is wrong with the row of one member; None where nothing is."""
        agrees = vote == Vote.Choice.FOR
        if vote not in Vote.Choice.values:
            return _("Say how %(name)s voted.")
        if len(said) > self.longest:
            return _("What %(name)s said is too long.")
        if not agrees and (silent or said in ("", NOTHING_ADDED)):
            return _("Record what %(name)s said.")
        if silent and said not in ("", NOTHING_ADDED):
            return _("Either %(name)s said something or had nothing to add, not both.")
        if not said and not silent:
            return _("Record what %(name)s said, or tick that there was nothing to add.")
        return None

    def told(self, kept: Mapping[str, Mapping[str, str]]) -> str:
        """The votes an event kept, each with its member and words, in the reader's language."""
        labels = dict(Vote.Choice.choices)
        told = []
        for row in kept.values():
            words = f"（{row['opinion']}）" if row["opinion"] else ""
            told.append(f"{row['name']} {labels.get(row['vote'], row['vote'])}{words}")
        return "；".join(told)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) or bool(initial)
