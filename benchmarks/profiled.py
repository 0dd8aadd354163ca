"""Run a service under cProfile: `python -m benchmarks.profiled FILE MODULE`."""

import cProfile
import runpy
import sys


def main(file: str, module: str) -> None:
    """Run a module as a program. Its profile is in the file when it ends."""
    profile = cProfile.Profile()
    try:
        profile.runcall(runpy.run_module, module, run_name="__main__", alter_sys=True)
    finally:
        profile.dump_stats(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
