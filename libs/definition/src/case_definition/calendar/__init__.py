"""Working time: a calendar as data, and exact sums of open time on it."""
