-- Pieces of queries that count cases or readings by day, week, month or another dimension.

-- fragment: only
-- Restricts a dimension to some values.
AND {value} = ANY({values})

-- fragment: groups
-- The dimensions of a group as one text array, which sorts by its bytes.
ARRAY[{values}]::text[] COLLATE "C" AS by_group

-- fragment: period
-- The day, week or month of an instant in a time zone.
to_char({instant} AT TIME ZONE %(zone)s, {format})
