"""What becomes of a case under another version, and the file that says it."""

import copy
from pathlib import Path
from typing import Any

import pytest
from case_definition.lookup.definition import Definition, compile_definition
from case_definition.publishing.loading import Unsound
from case_definition.publishing.mapping import mapping_problems, read_migration
from case_definition.publishing.migration import CaseNames, Unmapped, map_names

from tests.unit.definition.sample_tenant import DEFINITION

PHASES = [{"name": name, "case_types": ["request"]} for name in ("analysis", "building")]
CARRIED = CaseNames(
    case_type="request", status="asked", phase="analysis", priority="P2", team="desk",
    fields={"title": "Noise", "cause": "A fan"},
)  # fmt: skip


def version(number: int, **changes: Any) -> Definition:
    document = copy.deepcopy(DEFINITION) | {"version": number, "phases": PHASES} | changes
    return compile_definition(document)


OLD = version(1)
NEW = version(
    2,
    statuses=[{**one, "name": one["name"].replace("asked", "waiting")}
              for one in DEFINITION["statuses"]],
    transitions=DEFINITION["transitions"][2:],
    phases=[PHASES[0] | {"name": "research"}, PHASES[1]],
)  # fmt: skip


def test_what_is_called_otherwise_is_mapped_and_the_rest_stays() -> None:
    mapping = {
        "statuses": {"asked": "waiting"},
        "phases": {"analysis": "research"},
        "fields": {"cause": "haste"},
    }
    becomes = map_names(CARRIED, mapping, NEW)
    assert isinstance(becomes, CaseNames)
    assert (becomes.status, becomes.phase, becomes.priority) == ("waiting", "research", "P2")
    assert becomes.fields == {"title": "Noise", "haste": "A fan"}


@pytest.mark.parametrize(
    ("mapping", "section", "sentence"),
    [
        ({}, "statuses", "sample/2 has no asked: say under statuses what it becomes."),
        (
            {"statuses": {"asked": "new"}},
            "phases",
            "sample/2 has no analysis: say under phases what it becomes.",
        ),
        ({"colours": {}}, "colours", "There is no section colours: map case_types, statuses,"),
        (
            {"statuses": {"asked": "new"}, "phases": {"analysis": "research"},
             "fields": {"cause": "title"}},
            "fields",
            "Two fields of this case would become title: map cause to another.",
        ),
    ],
)  # fmt: skip
def test_what_the_mapping_leaves_out_is_said(
    mapping: dict[str, dict[str, str]], section: str, sentence: str
) -> None:
    becomes = map_names(CARRIED, mapping, NEW)
    assert isinstance(becomes, Unmapped)
    assert becomes.section == section
    assert becomes.sentence.startswith(sentence)


def test_names_that_no_version_has_are_mistakes() -> None:
    mapping = {"statuses": {"askd": "waiting", "asked": "waitng"}, "phases": {"building": "x"}}
    found = [(one.path, one.sentence) for one in mapping_problems(mapping, [OLD, NEW], NEW)]
    assert found == [
        (("statuses", "askd"), "unknown status `askd`; did you mean `asked`?"),
        (("statuses", "asked"), "unknown status `waitng`; did you mean `waiting`?"),
        (("phases", "building"), "unknown phase `x`; there is research, building"),
    ]


def test_a_mapping_is_read_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text("to: 2\nstatuses:\n  asked: waiting\nteams: {}\n")
    document, source = read_migration(file)
    assert (document.to, document.mapping) == (2, {"statuses": {"asked": "waiting"}})
    assert source.place_of(("statuses", "asked")).line == 3


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", "1: the document: write names and values here, as in `tenant: example`"),
        ("to: [", "1: the document: this is no YAML:"),
        ("statuses: {}", "1: to: add `to`"),
        ("to: two", "1: to: 'two' is not possible here:"),
        ("to: 0", "1: to: 0 is not possible here:"),
        ("to: 2\nstatus: {a: b}", "2: status: `status` means nothing here;"),
        ("to: 2\nstatuses:\n  asked: [x]", "3: statuses.asked: ['x'] is not possible here:"),
        ("to: 2\nstatuses:\n  asked: a b", "3: statuses.asked: 'a b' has not the right form;"),
        ("to: 2\nstatuses: asked", "2: statuses: 'asked' is not possible here:"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    tmp_path: Path, text: str, finding: str
) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(text)
    with pytest.raises(Unsound) as message:
        read_migration(file)
    assert str(message.value).startswith(f"{file}:{finding}")
