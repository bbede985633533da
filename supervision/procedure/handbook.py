"""`docs/procedures`: each procedure as a page and a diagram, written from its declarations in both languages."""

from collections.abc import Iterable, Iterator

from django.utils import translation
from django.utils.translation import gettext as _

from supervision.law.catalogue import cite
from supervision.parties.roles import Role

from .declare import Procedure, Step
from .diagram import svg

LANGUAGES = {"en": "", "zh-hans": ".zh-CN"}


def pages() -> Iterator[tuple[str, str]]:
    """(file name, text) of everything in `docs/procedures`."""
    chosen = [p for _kind, p in sorted(Procedure.registry.items()) if not p.__module__.startswith("tests.")]
    for language, suffix in LANGUAGES.items():
        with translation.override(language):
            for procedure in chosen:
                yield f"{procedure.kind}{suffix}.svg", svg(procedure, standalone=True) + "\n"
                yield f"{procedure.kind}{suffix}.md", _page(procedure, suffix)


def _page(procedure: type[Procedure], suffix: str) -> str:
    lines = [
        f"# {procedure.label}",
        "",
        f"`{procedure.__module__}.{procedure.__qualname__}` · {_('version')} {procedure.version}",
        "",
        f"![{procedure.label}]({procedure.kind}{suffix}.svg)",
        "",
        f"{_('Opened by')}: {_roles(procedure.opens.by)} — {_laws(procedure.opens.law)}",
        "",
    ]
    if procedure.terms:
        lines += [f"| {_('Term')} | {_('Article')} | {_('Setting')} | {_('When it lapses')} |", "|---|---|---|---|"]
        for spec in procedure.terms.values():
            lapse = str(procedure.steps[spec.on_lapse].label) if spec.on_lapse else _("overdue, escalated")
            label = f"{spec.label}<br>¬ {spec.due_if.sentence}" if spec.due_if else spec.label
            lines.append(f"| {label} | {_laws((spec.law,))} | `{spec.setting}` | {lapse} |")
        lines.append("")
    lines += [
        f"| {_('Step')} | {_('From → to')} | {_('By')} | {_('Article')} | {_('Needs')} | {_('Terms and paper')} |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(procedure, step) for step in procedure.steps.values()]
    return "\n".join([*lines, ""])


def _roles(roles: Iterable[Role]) -> str:
    return "、".join(str(role.label) for role in roles)


def _laws(ids: tuple[str, ...]) -> str:
    return "; ".join(f"{cite(one)} (`{one}`)" for one in ids)


def _row(procedure: type[Procedure], step: Step) -> str:
    states = procedure.State
    sources = " / ".join(str(states(source).label) for source in step.sources)
    target = str(states(step.target).label) if step.target else _("unchanged")
    needs = "<br>".join(f"¬ {rule.sentence}" for rule in step.needs) or "—"
    verbs = {
        _("starts"): step.starts,
        _("ends"): (*step.meets, *step.lapses),
        _("pauses"): step.pauses,
        _("resumes"): step.resumes,
        _("reopens"): step.reopens,
        _("extends"): step.extends,
    }
    effects = [
        f"{verb} {', '.join(str(procedure.terms[kind].label) for kind in kinds)}"
        for verb, kinds in verbs.items()
        if kinds
    ]
    effects += [f"{_('paper')} `{step.paper}`"] if step.paper else []
    effects += [f"{_('serves')} `{step.serves}`"] if step.serves else []
    cells = (
        f"**{step.label}**<br>`{step.name}`",
        f"{sources} → {target}",
        _roles(step.by),
        _laws(step.law),
        needs,
        "<br>".join(effects) or "—",
    )
    return f"| {' | '.join(cells)} |"
