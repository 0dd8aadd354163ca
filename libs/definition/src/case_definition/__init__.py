"""What a tenant says in data: schema, check, lookup, calendars."""
