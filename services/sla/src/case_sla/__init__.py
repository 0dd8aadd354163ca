"""The service sla: keeps the clocks of cases, with deadlines, warnings, breaches and
escalations."""
