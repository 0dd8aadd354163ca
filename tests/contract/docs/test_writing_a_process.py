"""The process that the documentation builds is one: checked, and played."""

import re
from pathlib import Path

from case_definition.check import check

from tests.architecture.test_shape import ROOT

PAGE = ROOT / "docs" / "writing-a-process.md"
BLOCK = re.compile(r'```yaml title="([^"]+)"\n(.*?)```', re.DOTALL)


def test_the_process_of_the_page_has_no_findings(tmp_path: Path) -> None:
    files = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert {"definition.yaml", "statuses.yaml", "texts.en.yaml", "directory.yaml"} <= files.keys()
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path) == []
