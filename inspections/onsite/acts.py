"""The violation catalogue as findings use it: which acts of the Regulation a kind of party can commit (HY-39)."""

from functools import cache

from supervision.law import catalogue
from supervision.parties.models import Party

# Articles of the Regulation by the kind of party they bind; a rule counts when it has entries of its own, else itself.
ARTICLES = {
    Party.Kind.PROVIDER: ("RG-38", "RG-39", "RG-40"),
    Party.Kind.AUTHORITY: ("RG-36", "RG-37"),
    Party.Kind.INSURED: ("RG-41",),
    Party.Kind.PRACTITIONER: ("RG-38", "RG-40", "RG-41"),
    Party.Kind.COMPANY: ("RG-38", "RG-40", "RG-42"),
}


@cache
def acts_of(kind: str) -> tuple[catalogue.Rule, ...]:
    """The acts a party of this kind can commit, in the order of the articles; empty for a kind without any."""
    return tuple(entry for article in ARTICLES.get(Party.Kind(kind), ()) for entry in catalogue.finest(article))


def every_choice() -> list[tuple[str, str]]:
    """All acts as choices, whoever commits them."""
    found = {rule.id: rule for kind in ARTICLES for rule in acts_of(kind)}
    return [(rule.id, f"{rule.article} · {rule.text}") for rule in found.values()]


def choices_of(kind: str) -> list[tuple[str, str]]:
    """The same as choices of a form: rule id and 'citation: what it is'."""
    return [(rule.id, f"{rule.article} · {rule.text}") for rule in acts_of(kind)]
