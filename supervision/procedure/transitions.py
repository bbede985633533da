"""The declared moves, published to the database so that its trigger can refuse every other."""

from collections.abc import Iterator

from .declare import Procedure
from .models import Transition


def declared(procedure: type[Procedure]) -> Iterator[tuple[str, str, str]]:
    """(step, source, target) of every move; the opening has an empty source."""
    yield "opened", "", procedure.initial
    for step in procedure.steps.values():
        for source in step.sources:
            yield step.name, source, step.target or source


def publish(using: str = "default") -> None:
    """Make the table say what the code says, for the versions the code runs; older versions stay for older dossiers."""
    wanted = {
        (procedure.kind, procedure.version, *move)
        for procedure in Procedure.registry.values()
        for move in declared(procedure)
    }
    table = Transition.objects.using(using)
    running = {(kind, version) for kind, version, *_ in wanted}
    present = {
        (row.kind, row.version, row.step, row.source, row.target): row.pk
        for row in table.all()
        if (row.kind, row.version) in running
    }
    table.filter(pk__in=[pk for row, pk in present.items() if row not in wanted]).delete()
    table.bulk_create(
        Transition(kind=kind, version=version, step=step, source=source, target=target)
        for kind, version, step, source, target in sorted(wanted - present.keys())
    )
