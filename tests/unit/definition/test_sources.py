"""Files as people write them: every finding points at its line."""

from pathlib import Path

import pytest
from case_definition.check.folder import check
from case_definition.source.yaml import Unreadable, read_source

from tests.unit.definition.sample_tenant import Tenant


def _written(folder: Path, text: str) -> Path:
    file = folder / "some.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_part_knows_its_line(tmp_path: Path) -> None:
    source = read_source(_written(tmp_path, "# about\na:\n  - b: 1\n    c: two\n"))
    assert source.data == {"a": [{"b": 1, "c": "two"}]}
    assert source.place_of(("a", 0, "c")).line == 4
    assert source.place_of(("a", 0, "missing")).line == 3
    assert source.place_of(("elsewhere",)).line == 1


def test_dates_stay_as_they_are_written(tmp_path: Path) -> None:
    text = "closed: [2026-12-24]\nhours: [09:00, on]\n"
    source = read_source(_written(tmp_path, text))
    assert source.data == {"closed": ["2026-12-24"], "hours": ["09:00", "on"]}


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: 1\nb: [", 2, "yaml"),
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate-key"),
        ("a: &x [1]\nb: *x\n", 2, "yaml"),
        ("- a\n", 1, "yaml"),
        ("", 1, "yaml"),
        ("a: \x00\n", 1, "yaml"),
    ],
)
def test_what_is_no_document_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, code: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_source(_written(tmp_path, text))
    assert (refused.value.place.line, refused.value.code) == (line, code)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_bytes("naam: coördinator".encode("latin-1"))
    with pytest.raises(Unreadable, match="UTF-8"):
        read_source(file)


def test_a_finding_names_file_line_path_and_what_to_do(tenant: Tenant) -> None:
    folder = tenant.write()
    file = folder / "definition.yaml"
    file.write_text(file.read_text().replace('"to": "asked"', '"to": "askd"'))
    (finding,) = check(folder)
    line = file.read_text().splitlines().index('   "to": "askd",') + 1
    assert str(finding) == (
        f"{file}:{line}: transitions[ask].to: unknown status `askd`; did you mean `asked`?"
    )


def test_a_definition_may_be_split_over_files(tenant: Tenant) -> None:
    statuses = tenant.definition.pop("statuses")
    tenant.write_part("statuses.yaml", {"statuses": statuses})
    assert tenant.findings() == []


def test_a_section_stands_in_one_file(tenant: Tenant) -> None:
    tenant.write_part("more.yaml", {"statuses": []})
    finding = tenant.only()
    assert finding.code == "duplicate-key"
    assert "stands in" in finding.sentence


def test_texts_stand_in_files_of_their_own(tenant: Tenant) -> None:
    tenant.definition["texts"] = {"en": {}}
    assert tenant.only().sentence == "write texts in texts.<language>.yaml instead"


def test_a_folder_without_definition_is_found(tmp_path: Path) -> None:
    (finding,) = check(tmp_path)
    assert finding.code == "missing-file"


def test_an_agreement_that_is_no_yaml_is_found_beside_the_rest(tenant: Tenant) -> None:
    (tenant.write() / "agreements/bad.yaml").write_text("a: [")
    tenant.definition["transitions"][0]["to"] = "askd"
    assert tenant.codes() == ["unknown-status", "yaml"]
