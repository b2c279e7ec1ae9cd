# Partitions: the ledger, NULL as a value, partitions that vanish, several keys.

SET 'table.dml-sync' = 'true';

CREATE TABLE o (shop text, ds text, hh text, amount int);

INSERT INTO o VALUES ('a', '2026-01-13', '00', 1), ('b', '2026-01-13', '01', 2), ('c', '2026-01-14', '00', 3), ('d', NULL, '00', 4);

CREATE MATERIALIZED TABLE p PARTITIONED BY (ds, hh) FRESHNESS = INTERVAL '1' DAY AS SELECT shop, amount, ds, hh FROM o;

SHOW PARTITIONS p;

SHOW PARTITIONS p PARTITION (ds = '2026-01-13');

SHOW PARTITIONS p PARTITION (nope = '1');

# Rows change everywhere, one partition is refreshed: only its rows follow.
UPDATE o SET amount = amount + 10;

ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = '2026-01-13', hh = '00');

SELECT * FROM p ORDER BY shop;

# NULL is a partition like any other.
ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = NULL);

SELECT * FROM p WHERE ds IS NULL;

# A partition whose rows are gone is emptied; a value that never was is FRESH with no rows.
DELETE FROM o WHERE shop = 'c';

ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = '2026-01-14');

ALTER MATERIALIZED TABLE p REFRESH PARTITION (ds = '2030-01-01', hh = '00');

SELECT * FROM p WHERE ds >= '2026-01-14';

SHOW PARTITIONS p;

# The same ledger as a view, with the run that filled each partition.
SELECT partition, state, row_count FROM sluice.partitions WHERE name = 'p' ORDER BY partition;

# Without partitions there is nothing to show.
CREATE MATERIALIZED TABLE whole FRESHNESS = INTERVAL '1' DAY AS SELECT shop FROM o;

SHOW PARTITIONS whole;

SHOW PARTITIONS o;
