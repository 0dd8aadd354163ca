-- Whole months of a tenant's cases are read by when they were created.
CREATE FUNCTION history_instant(value text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN value::timestamptz;

CREATE INDEX log_created ON log ((headers ->> 'ce_tenant'), history_instant(headers ->> 'ce_time'))
    WHERE version = 1;

-- The open cases of a customer stand by for another agreement, and so are found.
CREATE INDEX timers_name ON timers (name text_pattern_ops);
