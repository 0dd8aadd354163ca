"""The files that tools and visitors of the project read: they fit their schemas and each other."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("", "libs/*/", "services/*/", "deploy/*/")
PACKAGES = sorted(path for room in ROOMS for path in ROOT.glob(f"{room}pyproject.toml"))
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", ".github/workflows/*.yml"),
        ("custom.github-workflows-require-timeout", ".github/workflows/*.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
        ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
    ],
)
def test_files_of_the_forge_fit_their_schema(schema: str, files: str) -> None:
    found = [str(path) for path in sorted(ROOT.glob(files))]
    assert found
    command = [str(TOOLS / "check-jsonschema"), "--builtin-schema", schema, *found]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_hooks_before_a_commit_are_valid_and_run_what_is_installed() -> None:
    config = ROOT / ".pre-commit-config.yaml"
    command = [str(TOOLS / "pre-commit"), "validate-config", str(config)]
    assert subprocess.run(command, check=False).returncode == 0
    entries = re.findall(r"entry: (\S+)", config.read_text())
    assert entries
    assert all((ROOT / entry).exists() for entry in entries if entry != "make")


def test_the_development_container_installs_the_project() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert "make install" in container["postCreateCommand"]


def test_all_packages_have_one_version_which_the_changelog_tells() -> None:
    versions = {tomllib.loads(path.read_text())["project"]["version"] for path in PACKAGES}
    assert len(PACKAGES) >= 10
    assert len(versions) == 1
    assert f"## [{versions.pop()}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_workflows_run_on_every_python_that_is_promised() -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    matrix = (ROOT / ".github/workflows/tests.yml").read_text()
    assert promised == ">=3.11"
    assert 'python: ["3.11", "3.12", "3.13", "3.14"]' in matrix
