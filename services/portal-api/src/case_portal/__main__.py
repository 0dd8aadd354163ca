"""`python -m case_portal`."""

from case_portal.bootstrap import main

if __name__ == "__main__":
    main()
