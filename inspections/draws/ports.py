"""What a draw asks of the desk of inspection tasks, named here so that draws never import it.

The desk fills ``Ports.tasks`` at start-up. Until a desk is there, drawn targets wait and lose nothing.
"""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervision.parties.actors import Actor
    from supervision.procedure.models import Dossier

    from .models import DrawTarget


class TaskDesk(Protocol):
    """Opens and keeps in step the inspections that drawn targets lead to."""

    def open_task(self, target: "DrawTarget", actor: "Actor") -> "Dossier":
        """Open a routine inspection of ``target.provider`` by ``target.team``, arising from
        ``target.draw``.
        """

    def team_changed(self, target: "DrawTarget", actor: "Actor", reason: str) -> None:
        """Another inspector was drawn for a target whose task is open: bring its officers in line."""

    def withdrawn(self, target: "DrawTarget", actor: "Actor", reason: str) -> None:
        """The target was replaced: its open task is not carried out."""


class Ports:
    """The filled port."""

    tasks: TaskDesk | None = None
