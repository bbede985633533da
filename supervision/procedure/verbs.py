"""Happenings that are recorded on a dossier besides the steps of its procedure."""

from django.utils.translation import gettext_lazy as _

from .declare import Procedure, Text

OPENED = "opened"

_labels: dict[str, Text] = {
    "officer_assigned": _("Officer assigned"),
    "officer_withdrawn": _("Officer withdrawn"),
    "term_overdue": _("Statutory term overdue"),
}


def register(verb: str, label: Text) -> str:
    """Name a happening of a higher floor; returns the verb, so it can be a constant there."""
    if _labels.setdefault(verb, label) != label:
        raise ValueError(f"two happenings named {verb}")
    return verb


def label(verb: str, procedure: type[Procedure]) -> str:
    """What a happening is called in the reader's language."""
    if verb == OPENED:
        return str(procedure.opens.label)
    return str(_labels.get(verb, verb))


def known(verb: str) -> bool:
    """Whether such a happening has been named."""
    return verb == OPENED or verb in _labels
