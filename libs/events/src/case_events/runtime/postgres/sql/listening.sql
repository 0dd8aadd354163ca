-- Notifications between the replicas of a service.

-- name: listen
-- Subscribes this connection to notifications.
LISTEN {channel};

-- name: notify
-- Notifies all listeners when the transaction commits.
SELECT pg_notify(%s, %s);
