"""Happenings that are recorded on a dossier besides the steps of its procedure."""

from django.utils.translation import gettext_lazy as _

from .declare import Procedure, Text

OPENED = "opened"

_looks: set[str] = set()
_labels: dict[str, Text] = {
    "officer_assigned": _("Officer assigned"),
    "officer_withdrawn": _("Officer withdrawn"),
    "term_overdue": _("Statutory term overdue"),
}


def register(verb: str, label: Text, *, look: bool = False) -> str:
    """Name a happening of a higher floor; returns the verb, so it can be a constant there.

    `look`: somebody looked into the file, which is on record but changes nothing of the matter.
    """
    if _labels.setdefault(verb, label) != label:
        raise ValueError(f"two happenings named {verb}")
    if look:
        _looks.add(verb)
    return verb


def looks() -> list[str]:
    """Happenings that change nothing: no news to anybody, and no reason to call what was read before stale."""
    return sorted(_looks)


def label(verb: str, procedure: type[Procedure]) -> str:
    """What a happening is called in the reader's language."""
    if verb == OPENED:
        return str(procedure.opens.label)
    return str(_labels.get(verb, verb))


def known(verb: str) -> bool:
    """Whether such a happening has been named."""
    return verb == OPENED or verb in _labels
