"""The published test vectors of the format are part of its definition."""

import json
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inspections.draws.algorithm import h
from inspections.draws.publication import replay

TEXT = {"capture_output": True, "text": True, "encoding": "utf-8"}

pytestmark = pytest.mark.law("DR-1", "HY-31")


@pytest.mark.parametrize("number", [0, 1])
def test_the_draw_of_a_vector_is_its_result(vectors, number):
    assert replay(vectors[number]).as_json() == vectors[number]["result"]


@pytest.mark.parametrize("number", [0, 1])
def test_the_command_prints_commitment_seed_and_selected(vectors, number, tmp_path):
    file = tmp_path / "draw.json"
    material = {key: value for key, value in vectors[number].items() if key != "result"}
    file.write_text(json.dumps(material, ensure_ascii=False), encoding="utf-8")
    out = StringIO()
    call_command("draw", "replay", str(file), stdout=out)
    assert json.loads(out.getvalue()) == vectors[number]["result"]


def test_the_command_says_what_is_wrong_with_a_file(vectors, tmp_path):
    file = tmp_path / "draw.json"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("draw", "replay", str(file))
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="no JSON object"):
        call_command("draw", "replay", str(file))
    file.write_text(json.dumps({**vectors[0], "contributions": vectors[1]["contributions"]}), encoding="utf-8")
    with pytest.raises(CommandError, match="witness discipline is not the announced one"):
        call_command("draw", "replay", str(file))


@pytest.mark.parametrize("number", [0, 1])
def test_the_single_file_verifier_agrees_without_our_environment(vectors, number, tmp_path, static):
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(vectors[number], ensure_ascii=False), encoding="utf-8")
    run = subprocess.run(  # noqa: S603  our own file
        [sys.executable, "-I", "-S", str(static / "verify_draw.py"), str(file), "--json"],
        check=True,
        **TEXT,
    )
    assert json.loads(run.stdout) == vectors[number]["result"]


def test_the_verifier_takes_the_rolls_from_files_and_tells_a_place(vectors, tmp_path, static):
    bare = {key: value for key, value in vectors[0].items() if key not in {"targets", "inspectors"}}
    (tmp_path / "draw.json").write_text(json.dumps(bare), encoding="utf-8")
    for name in ("targets", "inspectors"):
        lines = sorted("\t".join(row) + "\n" for row in vectors[0][name])
        (tmp_path / f"{name}.tsv").write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, str(static / "verify_draw.py"), "draw.json"]
    rolls = ["--targets", "targets.tsv", "--inspectors", "inspectors.tsv"]
    run = subprocess.run(  # noqa: S603  our own file
        [*command, *rolls, "--where", "H100004"], cwd=tmp_path, check=False, **TEXT
    )
    assert run.returncode == 0
    assert "H100004: medium 1/3" in run.stdout
    assert "All agree" in run.stdout
    missing = subprocess.run(command, cwd=tmp_path, check=False, **TEXT)  # noqa: S603
    assert missing.returncode == 2


def test_a_shell_reaches_the_same_tickets(vectors):
    """printf and sha256sum are all a doubting provider needs."""
    result = vectors[1]["result"]
    for item in result["selected"]:
        texts = [result["seed"], "target", item["stratum"], item["code"]]
        line = subprocess.run(  # noqa: S603  fixed words
            ["sh", "-c", r"""printf '%s\n%s\n%s\n%s' "$1" "$2" "$3" "$4" | sha256sum""", "sh", *texts],  # noqa: S607
            check=True,
            **TEXT,
        ).stdout
        assert line.split()[0] == item["ticket"]
    texts = [result["commitment"], *vectors[1]["contributions"], vectors[1]["public"]]
    assert h(*texts) == result["seed"]
