"""CEL programs, without the command line of the library.

`cel` imports its own command line, and with it a whole terminal toolkit: a third of the import time
of a service or a command. An empty module replaces it during the import.
"""

import sys
from types import ModuleType

_COMMAND_LINE = "cel.cli"

sys.modules.setdefault(_COMMAND_LINE, ModuleType(_COMMAND_LINE))
try:
    import cel
finally:
    del sys.modules[_COMMAND_LINE]

Program = cel.Program


def compile_program(source: str) -> Program:
    """A CEL expression as a program. Raises ValueError for an invalid one."""
    return cel.compile(source)
