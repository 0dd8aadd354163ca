"""A pytest plugin: the stories of a run find their definitions without what one id needs.

What then dangles is part of what is shown: the folders are read, and not checked.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from case_definition.check.folder import examine
from case_definition.publishing import loading

from tests.requirements.marks import SETTING, take_out


def load_without(folder: Path) -> loading.TenantDocuments:
    """In place of `load_tenant`."""
    with TemporaryDirectory(prefix="casefold-without-") as place:
        copy = Path(place) / folder.name
        take_out(folder, os.environ[SETTING], copy)
        return loading.documents_of(examine(copy))


loading.load_tenant = load_without
