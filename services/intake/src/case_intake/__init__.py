"""Takes cases in: mail, form, phone, API."""
