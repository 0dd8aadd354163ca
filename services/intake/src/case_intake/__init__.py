"""The service intake: receives cases by mail, form, phone and API."""
