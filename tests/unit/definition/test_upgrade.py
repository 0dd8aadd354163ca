"""A folder of version 0.1 is put into the words of today, and nothing else of it changes.

`v0_1/` holds the files that had such words, of each sample tenant and of the example, as they were.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from case_definition.cli.definition import definition as command
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.upgrade import upgrade
from case_definition.source.yaml import Unreadable, read_source
from case_events.contracts import every_contract
from click.testing import CliRunner
from pydantic import BaseModel, TypeAdapter

FOLDERS = sorted(path for path in (Path(__file__).parent / "v0_1").iterdir() if path.is_dir())
RETIRED = {"ladder", "strangers", "pointer", "pointers", "taken"}


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder of version 0.1."""
    return Path(shutil.copytree(request.param, tmp_path / request.param.name))


def _lines(folder: Path) -> list[str]:
    return [
        line for file in sorted(folder.rglob("*.yaml")) for line in _text(file).splitlines(True)
    ]


def _text(file: Path) -> str:
    return file.read_bytes().decode()


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def _wrong(document: type[BaseModel], data: dict[str, Any]) -> list[str]:
    """The parts of a document that today's language does not take, one by one."""
    fields = {field.alias or name: field for name, field in document.model_fields.items()}
    wrong = [key for key in data if key not in fields]
    for key in data.keys() & fields.keys():
        try:
            TypeAdapter(fields[key].rebuild_annotation()).validate_python(data[key])
        except ValueError as failure:
            wrong.append(f"{key}: {failure}")
    return wrong


def test_what_was_written_for_version_0_1_is_read_today(folder: Path) -> None:
    notices = folder / "notices.yaml"
    assert _wrong(DefinitionDocument, read_source(notices).data) != []
    upgrade(folder)
    files = [file for file in folder.glob("*.yaml") if not file.name.startswith("texts.")]
    assert {file.name for file in files} >= {"definition.yaml", "notices.yaml"}
    for file in files:
        assert _wrong(DefinitionDocument, read_source(file).data) == [], file.name


def test_only_words_that_are_said_to_be_replaced_change(folder: Path) -> None:
    before = _lines(folder)
    replaced = upgrade(folder)
    after = _lines(folder)
    changed = [(was, now) for was, now in zip(before, after, strict=True) if was != now]
    values = {one.before: one.after for one in replaced}
    assert len(replaced) >= len(changed) > 0
    for was, now in changed:
        content, hash_, comment = now.partition(" # ")
        assert was.endswith(hash_ + comment)
        assert re.sub(r"\w+", lambda word: values.get(word[0], word[0]), was) == now, content


def test_no_word_of_version_0_1_is_left(folder: Path) -> None:
    upgrade(folder)
    words = set(re.findall(r"\w+", "".join(line.partition(" # ")[0] for line in _lines(folder))))
    classes = {"".join(part.title() for part in one.label.split("_")) for one in every_contract()}
    assert words & (classes - {"Cause"} | RETIRED) == set()


def test_an_upgrade_changes_nothing_the_second_time(folder: Path) -> None:
    upgrade(folder)
    before = _lines(folder)
    assert upgrade(folder) == []
    assert _lines(folder) == before


RULES = {
    "plain": ("when: event.type == 'CaseCreated'", "when: event.type == 'case_created'"),
    "in double quotes": (
        r'''when: "event.reason == \"FieldsSet\""''',
        r'''when: "event.reason == \"fields_set\""''',
    ),
    "in single quotes": (
        "when: 'event.reason == ''FieldsSet'''",
        "when: 'event.reason == ''fields_set'''",
    ),
    "over lines": (
        "when: >-\n      event.type in\n      ['CaseRated', 'CaseMerged']",
        "when: >-\n      event.type in\n      ['case_rated', 'case_merged']",
    ),
    "what is no event stays": ("when: event.type == 'Another'",) * 2,
    "what does not ask for an event stays": ("when: case.fields.about == 'CaseCreated'",) * 2,
    "a comment stays": (
        "when: event.type == 'CaseRated'  # 'CaseRated'",
        "when: event.type == 'case_rated'  # 'CaseRated'",
    ),
}


@pytest.mark.parametrize(("before", "after"), RULES.values(), ids=RULES)
def test_a_rule_keeps_its_notation(before: str, after: str, tmp_path: Path) -> None:
    text = "# ids: C3\nnotices:\n  - name: one  # first\n    {}\n    to: [contact]\n"
    file = _write(tmp_path / "definition.yaml", text.format(before))
    upgrade(tmp_path)
    assert _text(file) == text.format(after)


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "marked"])
def test_ends_of_lines_and_the_mark_of_utf_8_stay(ends: str, mark: str, tmp_path: Path) -> None:
    text = mark + ends.join(["# é", "notices:", "- {on: CaseRated}", "ladder: []", ""])
    file = _write(tmp_path / "notices.yaml", text)
    assert [(one.line, one.after) for one in upgrade(tmp_path)] == [
        (3, "case_rated"), (4, "escalation")
    ]  # fmt: skip
    expected = text.replace("CaseRated", "case_rated").replace("ladder", "escalation")
    assert _text(file) == expected


def test_the_same_word_elsewhere_stays(tmp_path: Path) -> None:
    text = (
        "fields:\n- {name: ladder, type: choice, options: [taken, strangers]}\n"
        "notices:\n- {name: ladder, on: case_created, webhook: CaseCreated}\n"
        "teams:\n- {name: pointer, strangers: taken}\n"
    )
    file = _write(tmp_path / "definition.yaml", text)
    _write(tmp_path / "directory.yaml", "ladder: []\n")
    assert upgrade(tmp_path) == []
    assert _text(file) == text


def test_an_agreement_is_upgraded_too(tmp_path: Path) -> None:
    text = "id: gold\nladder:  # who is told\n- level: 1\n"
    file = _write(tmp_path / "agreements" / "gold.yaml", text)
    assert [str(one) for one in upgrade(tmp_path)] == [f"{file}:2: ladder -> escalation"]
    assert "escalation" in AgreementDocument.model_fields
    assert _text(file) == text.replace("ladder", "escalation")


def test_nothing_is_written_where_a_file_cannot_be_read(tmp_path: Path) -> None:
    good = _write(tmp_path / "definition.yaml", "ladder: []\n")
    _write(tmp_path / "notices.yaml", "notices: [\n")
    with pytest.raises(Unreadable):
        upgrade(tmp_path)
    assert _text(good) == "ladder: []\n"


def test_the_command_says_what_it_replaced(folder: Path, tmp_path: Path) -> None:
    """`casefold definition upgrade`."""
    first = CliRunner().invoke(command, ["upgrade", str(folder)])
    assert first.exit_code == 0
    assert "notices.yaml" in first.output and "words replaced." in first.output
    assert CliRunner().invoke(command, ["upgrade", str(folder)]).output == "Nothing to replace.\n"
    broken = _write(tmp_path / "broken" / "definition.yaml", "a: [\n")
    failed = CliRunner().invoke(command, ["upgrade", str(broken.parent)])
    assert (failed.exit_code, f"{broken}:" in failed.output) == (1, True)
