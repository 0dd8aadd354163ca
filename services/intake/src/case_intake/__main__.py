"""Run intake: `python -m case_intake`."""

from case_intake.bootstrap import main

if __name__ == "__main__":
    main()
