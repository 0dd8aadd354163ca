"""CEL's programs, without the command line that the library brings.

`cel` imports its own command line, and with it a whole terminal toolkit: a third of the time in
which a service or a command is imported. An empty module stands in its place meanwhile.
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
    """A CEL expression, ready to be evaluated. Raises ValueError where it is none."""
    return cel.compile(source)
