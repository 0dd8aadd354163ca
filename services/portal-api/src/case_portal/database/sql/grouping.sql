-- Pieces of queries that count cases or readings by day, week, month or another dimension.

-- fragment: only
-- Only what has one of these values in a dimension.
AND {value} = ANY({values})

-- fragment: groups
-- The dimensions by which is counted, as one text array, in the order of its bytes.
ARRAY[{values}]::text[] COLLATE "C" AS by_group

-- fragment: period
-- The day, week or month of an instant, in the time zone of whoever asks.
to_char({instant} AT TIME ZONE %(zone)s, {format})
