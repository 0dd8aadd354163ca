"""The process that the documentation builds is one: checked, and played."""

import re
from pathlib import Path

from case_definition.check.folder import check
from case_definition.lookup.definition import compile_definition
from case_definition.publishing.loading import load_tenant
from case_definition.publishing.mapping import read_migration
from case_definition.publishing.migration import names_of

from tests.architecture.test_shape import ROOT

PAGE = ROOT / "docs" / "writing-a-process.md"
BLOCK = re.compile(r'```yaml title="([^"]+)"\n(.*?)```', re.DOTALL)


def test_the_process_of_the_page_has_no_findings(tmp_path: Path) -> None:
    """And its mapping is about names that it has."""
    files = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert {"definition.yaml", "statuses.yaml", "texts.en.yaml", "directory.yaml"} <= files.keys()
    folder = tmp_path / "library"
    folder.mkdir()
    for name, text in files.items():
        place = tmp_path if name == "mapping.yaml" else folder
        (place / name).write_text(text, encoding="utf-8")
    assert check(folder) == []
    migration, _ = read_migration(tmp_path / "mapping.yaml")
    known = names_of(compile_definition(load_tenant(folder).definition))
    assert migration.to == 2
    assert migration.mapping
    for section, names in migration.mapping.items():
        assert set(names) <= set(known[section])
