"""Run the sla service: `python -m case_sla`."""

from case_sla.bootstrap import main

if __name__ == "__main__":
    main()
