"""System checks: every type of paper has its template and a word no kind of dossier uses."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from supervision.procedure.declare import Procedure

from .paper_types import all_types


@register()
def paper_types_hold_together(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A missing template, or a word shared with dossiers, whose counter would then leave gaps among papers."""
    problems: list[CheckMessage] = []
    taken = {procedure.word: kind for kind, procedure in Procedure.registry.items()}
    for paper in all_types():
        if not paper.path.is_file():
            problems.append(Error(f"paper {paper.code}: no template {paper.template}", id="records.E001"))
        if paper.word in taken:
            message = f"paper {paper.code}: word {paper.word} numbers dossiers of kind {taken[paper.word]}"
            problems.append(Error(message, id="records.E002"))
    return problems
