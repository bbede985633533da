"""The desk that draws hand their targets to: one routine inspection per drawn target, its team kept as drawn."""

from typing import TYPE_CHECKING

from supervision.parties.actors import Actor
from supervision.procedure.models import Assignment
from supervision.procedure.services import advance, assign

from .models import InspectionKind, InspectionTask
from .services import open_task, replace_drawn_officer

if TYPE_CHECKING:
    from inspections.draws.models import DrawTarget


class DrawnTasks:
    """Fills `inspections.draws.ports.Ports.tasks`."""

    def open_task(self, target: "DrawTarget", actor: Actor) -> InspectionTask:
        """Open the routine inspection of a drawn target by its drawn inspectors (HY-31)."""
        return open_task(
            actor,
            authority=target.draw.authority,
            kind=InspectionKind.ROUTINE,
            subject=target.provider,
            officers=[one.user for one in target.team],
            origin=target.draw,
            draw_ref=f"{target.draw.number}/{target.code}",
        )

    def team_changed(self, target: "DrawTarget", actor: Actor, reason: str) -> None:
        """Bring the officers of the open task in line with the inspectors standing in the draw (HY-34)."""
        task = self._open_task_of(target)
        if task is None:
            return
        drawn = [one.user for one in target.team]
        leaving = [user for user in task.officers_now if user not in drawn]
        coming = [user for user in drawn if user not in task.officers_now]
        for user in leaving:
            replace_drawn_officer(task, user, coming.pop(0) if coming else None, reason)
        for user in coming:
            assign(task, user, Assignment.Duty.ASSIST, Actor.system(task.authority))

    def withdrawn(self, target: "DrawTarget", actor: Actor, reason: str) -> None:
        """Call off the task of a target that another replaced, unless it has begun."""
        task = self._open_task_of(target)
        if task is not None and task.state == InspectionTask.State.ASSIGNED:
            advance(task, "call_off", Actor.system(task.authority), reason=reason)

    def _open_task_of(self, target: "DrawTarget") -> InspectionTask | None:
        if target.task_id is None:
            return None
        states = (InspectionTask.State.ASSIGNED, InspectionTask.State.ON_SITE)
        return InspectionTask.objects.filter(pk=target.task_id, state__in=states).first()
