-- Notifications between the replicas of a service.

-- name: listen
-- This connection receives what is notified from now on.
LISTEN {channel};

-- name: notify
-- Notifies all listeners when the transaction commits.
SELECT pg_notify(%s, %s);
