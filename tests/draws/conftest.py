import importlib.util
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "inspections" / "static" / "inspections" / "draws"


@pytest.fixture(scope="session")
def vectors() -> list[dict]:
    return json.loads((HERE / "vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def static() -> Path:
    return STATIC


@pytest.fixture(scope="session")
def verifier():
    """The downloadable single-file verifier, loaded as what it is: a file."""
    spec = importlib.util.spec_from_file_location("verify_draw", STATIC / "verify_draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def material():
    """Builds the document of a draw: announcement, rolls, contributions, public value."""
    from inspections.draws.algorithm import contribution_hash, inspector_roll, target_roll
    from inspections.draws.announcement import announcement

    def build(
        targets,
        inspectors,
        take,
        *,
        each=2,
        contributions=("纪检组见证人的贡献文本-7f2a91", "public-witness-51c0e8"),
        public=None,
    ):
        described = announcement(
            draw="示例双随机〔2026〕7号",
            authority="示例市医疗保障局",
            at="2026-11-23T09:00:00+08:00",
            targets=target_roll(targets),
            inspectors=inspector_roll(inspectors),
            take=take,
            inspectors_each=each,
            witnesses=[(f"witness {n}", contribution_hash(text)) for n, text in enumerate(contributions, start=1)],
            public_value=None if public is None else {"source": "lottery", "due": "2026-11-22"},
        )
        return {
            "announcement": described,
            "targets": [list(row) for row in targets],
            "inspectors": [list(row) for row in inspectors],
            "contributions": list(contributions),
            "public": public,
        }

    return build
