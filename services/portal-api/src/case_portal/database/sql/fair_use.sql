-- Alerts about fair use.

-- name: save_alert
-- Saves an alert that is sent; changes no row if it was sent before.
INSERT INTO alerts (tenant, key)
VALUES (%s, %s)
ON CONFLICT DO NOTHING;
