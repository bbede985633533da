"""docker-compose.yml and Dockerfile fit the settings, and the settings pass the checks for deployment."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from supervision.local.layout import ROOT

APP_SERVICES = {"migrate", "web", "worker", "beat", "backup"}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def settings_source() -> str:
    return (ROOT / "supervision/settings.py").read_text()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    subprocess.run(["sh", ROOT / "deploy/secrets.sh", folder], check=True, capture_output=True)
    return folder


def read_by(source: str) -> set[str]:
    return set(re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']""", source))


def required_by(source: str) -> set[str]:
    without_default = set(re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']\s*\)""", source))
    return without_default - {"DEBUG"}


def production(secrets: Path, compose: dict) -> dict[str, str]:
    """The environment compose gives to a program, with the secrets where they are here."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "supervision.settings"}
    for name, value in compose["services"]["worker"]["environment"].items():
        found = re.sub(r"\$\{PUBLIC_HOST[^}]*\}", "funds.example.cn", str(value))
        found = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", found)
        environment[name] = found.replace("/run/secrets/", f"{secrets}/")
    return environment


def test_every_service_of_a_running_system_is_there(compose):
    assert set(compose["services"]) == APP_SERVICES | {"postgres", "valkey"}


@pytest.mark.parametrize("service", sorted(APP_SERVICES))
def test_each_program_gets_every_setting_it_must_have_and_none_that_nobody_reads(compose, settings_source, service):
    given = {name.removesuffix("_FILE") for name in compose["services"][service]["environment"]}
    elsewhere = {"WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}
    assert required_by(settings_source) <= given
    assert given <= read_by(settings_source) | elsewhere


def test_secrets_come_from_files_that_are_declared_and_made(compose, secrets):
    declared = {name: Path(entry["file"]).name for name, entry in compose["secrets"].items()}
    assert set(declared.values()) == {path.name for path in secrets.iterdir()}
    for service in compose["services"].values():
        asked = set(re.findall(r"/run/secrets/(\w+)", str(service)))
        assert asked <= set(service.get("secrets", [])) <= set(declared)
        assert not re.search(r"(PASSWORD|SECRET|KEYS?|TOKEN)'?: '(?!/run/secrets)", str(service.get("environment")))


def test_making_the_secrets_again_changes_none(secrets):
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    subprocess.run(["sh", ROOT / "deploy/secrets.sh", secrets], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before
    assert before["database_password"] in before["database_url"]


def test_no_program_runs_as_root_or_can_become_it(compose):
    for name, service in compose["services"].items():
        assert service["user"] not in {"root", "0", "0:0"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert (
        re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)[-1] == compose["services"]["web"]["user"] == "10001:10001"
    )


def test_every_lasting_service_says_whether_it_is_well(compose):
    for name, service in compose["services"].items():
        assert service["healthcheck"].get("test") or (name == "migrate" and service["healthcheck"]["disable"]), name


def test_nothing_but_web_can_be_reached_and_that_only_from_the_machine(compose):
    assert [name for name, service in compose["services"].items() if service.get("ports")] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])


def test_data_lies_on_declared_volumes(compose):
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]


def test_the_commands_of_the_image_exist(compose):
    from django.core.management import get_commands

    for name in ("migrate", "backup"):
        assert compose["services"][name]["command"][:2] == ["python", "manage.py"]
        assert compose["services"][name]["command"][2] in get_commands()
    for file in re.findall(r"-r (requirements/\S+)", (ROOT / "Dockerfile").read_text()):
        for which in ("local", "s3"):
            assert (ROOT / file.replace("${REQUIREMENTS}", which)).exists()


def test_evidence_lies_on_the_volume_or_where_the_secret_says(compose, secrets):
    show = "from django.conf import settings as s; print(s.STORAGES['evidence'])"
    elsewhere = {"EVIDENCE_STORAGE": "supervision.records.s3.ContentStorage"}
    found = []
    for more in ({}, elsewhere):
        found += subprocess.run(
            [sys.executable, "-c", show],
            cwd=ROOT, env=production(secrets, compose) | more, capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
        (secrets / "evidence_storage_options").chmod(0o600)
        (secrets / "evidence_storage_options").write_text('{"bucket": "evidence", "secret_key": "s"}\n')
    on_disk, in_s3 = map(ast.literal_eval, found)
    assert on_disk["OPTIONS"] == {"location": "/data/evidence"}
    assert in_s3 == {"BACKEND": elsewhere["EVIDENCE_STORAGE"], "OPTIONS": {"bucket": "evidence", "secret_key": "s"}}


@pytest.mark.parametrize("extra", ["s3", "dev"])
def test_every_list_holds_what_the_image_holds_at_the_same_versions(extra):
    def versions(name):
        return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))

    assert versions("base") <= versions("local") <= versions(extra)
    assert not re.search(
        r"https?://|--(extra-)?index-url|--find-links", (ROOT / f"requirements/{extra}.txt").read_text()
    )


def test_deployment_checks_are_clean_under_production_settings(compose, secrets):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=production(secrets, compose), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_keys_are_read_without_the_newline_behind_them(compose, secrets):
    for name in ("secret_key", "field_keys"):
        file = secrets / name
        file.chmod(0o600)
        file.write_text(file.read_text() + ",older\n" if name == "field_keys" else file.read_text() + "\n")
    show = "from django.conf import settings as s; print(repr((s.SECRET_KEY[-1], s.FIELD_KEYS[-1], s.DEBUG, s.SECURE)))"
    done = subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env=production(secrets, compose),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == repr(((secrets / "secret_key").read_text()[-2], "older", False, True))
