"""Run the workflow service: `python -m case_workflow`."""

from case_workflow.bootstrap import main

if __name__ == "__main__":
    main()
