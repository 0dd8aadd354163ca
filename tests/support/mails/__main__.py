"""Fuzz the mail reader: `python -m tests.support.mails [--minutes 30] [--seed 1]`."""

import argparse
import time
import traceback
from pathlib import Path

from tests.support.mails.faults import faults
from tests.support.mails.mutants import mutant


def main() -> None:
    """Read mutants until the time is up; tell of each fault, and of the slowest mail."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.mails", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1, help="number of the first mutant")
    parser.add_argument("--keep", type=Path, help="folder for the mails with faults")
    chosen = parser.parse_args()
    end, number, bad = time.monotonic() + chosen.minutes * 60, chosen.seed, 0
    slowest = (0.0, 0)
    while time.monotonic() < end:
        raw = mutant(number)
        try:
            found, took = faults(raw)
        except Exception:  # noqa: BLE001 (whatever the reader raises is what is looked for)
            found, took = [traceback.format_exc()], 0.0
        slowest = max(slowest, (took, number))
        if found:
            bad += 1
            print(f"mutant {number}: {'; '.join(found)}", flush=True)
            if chosen.keep:
                (chosen.keep / f"{number}.eml").write_bytes(raw)
        number += 1
    read = number - chosen.seed
    print(f"{read} mails read, {bad} with faults; slowest {slowest[0]:.3f} s (mutant {slowest[1]})")


if __name__ == "__main__":
    main()
