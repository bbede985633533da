"""Where answers and findings of a visit speak against each other: an item said to be in order, and a finding of it.

Nobody is refused for it, since an officer may have grounds; it is said while it can be put right, and in the record.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import Answer, Finding, InspectionTask


@dataclass(frozen=True)
class Contradiction:
    """An item answered as in order, and the numbers of the findings that say otherwise."""

    answer: Answer
    findings: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """What is shown beside the item."""
        numbers = "、".join(map(str, self.findings))
        return _("Said to be in order, and finding %(numbers)s says otherwise.") % {"numbers": numbers}


def acts_in_order(task: InspectionTask) -> list[str]:
    """The acts of which an item was said to be in order and none was found out of order, in the checklist's order."""
    answers = task.answers.select_related("item").order_by("item__place")
    found = {each.item.law for each in answers if each.answer == Answer.Answer.NO}
    return list(dict.fromkeys(each.item.law for each in answers if _in_order(each) and each.item.law not in found))


def contradictions(task: InspectionTask) -> list[Contradiction]:
    """Each such item in the order of the checklist.

    A finding is of an item where it cites a photo of it, or names the act the item is about while no item of that act
    was found out of order.
    """
    standing = task.findings.exclude(status=Finding.Status.DROPPED)
    of_item: dict[int, set[int]] = {}
    of_act: dict[str, set[int]] = {}
    for number, item in standing.filter(evidence__photo__item__isnull=False).values_list(
        "number", "evidence__photo__item"
    ):
        of_item.setdefault(item, set()).add(number)
    acts = set(acts_in_order(task))
    for number, act in standing.values_list("number", "act"):
        if act in acts:
            of_act.setdefault(act, set()).add(number)
    answers = task.answers.select_related("item").order_by("item__place")
    found = [
        (each, of_item.get(each.item_id, set()) | of_act.get(each.item.law, set()))
        for each in answers
        if _in_order(each)
    ]
    return [Contradiction(answer, tuple(sorted(numbers))) for answer, numbers in found if numbers]


def _in_order(answer: Answer) -> bool:
    return answer.answer == Answer.Answer.YES
