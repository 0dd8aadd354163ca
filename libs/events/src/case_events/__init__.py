"""The vocabulary of cases and the one runtime that all five services share."""
