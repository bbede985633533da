"""What screening tells the law catalogue: which delivered rule looks for which violation."""

import json
from collections.abc import Iterator
from pathlib import Path

from supervision.law.catalogue import Text
from supervision.law.coverage import Declared, Kind, collect

RULES = Path(__file__).parent / "data" / "rules.json"


@collect
def of_screening() -> Iterator[Declared]:
    """Every article a delivered screening rule rests on."""
    for entry in json.loads(RULES.read_text(encoding="utf-8")):
        for law in entry["laws"]:
            label = str(Text(entry["name_zh"], entry["name_en"]))
            yield Declared(law, f"monitoring/data/rules.json:{entry['slug']}", Kind.SCREENING, label)
