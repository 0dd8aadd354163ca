"""Process definitions as data: schema, check, lookup, calendars."""
