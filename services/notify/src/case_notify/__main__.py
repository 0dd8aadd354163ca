"""`python -m case_notify`."""

from case_notify.bootstrap import main

if __name__ == "__main__":
    main()
