-- Everything that notify adds to the runtime's own tables.
--
-- The addresses to which mail did not arrive, by a hash of the address. No request reaches them.

CREATE TABLE addresses (
    tenant      text NOT NULL,
    address_key text NOT NULL,
    hard        boolean NOT NULL DEFAULT false,
    bounced_at  timestamptz NOT NULL DEFAULT '-infinity',
    mended_at   timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (tenant, address_key)
);
ALTER TABLE addresses ENABLE ROW LEVEL SECURITY;
