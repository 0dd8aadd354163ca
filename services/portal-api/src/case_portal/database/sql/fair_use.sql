-- Alerts about fair use.

-- name: save_alert
-- An alert that goes out; no row where it went out before.
INSERT INTO alerts (tenant, key)
VALUES (%s, %s)
ON CONFLICT DO NOTHING;
