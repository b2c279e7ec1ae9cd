-- Commands from any PostgreSQL client, and lineage by column.

-- What sluice.refresh() and its kin leave behind: a row in the caller's transaction, taken by a gateway after the commit.
-- Taken in the order of `seq` for each target; equal ones that wait are one.
CREATE TABLE sluice_private.commands (
  command_id    text PRIMARY KEY,
  seq           bigint GENERATED ALWAYS AS IDENTITY,
  command       text NOT NULL CHECK (command IN
                  ('refresh', 'backfill', 'suspend', 'resume', 'execute-workflow', 'backfill-workflow')),
  -- The table's or workflow's id: it may be renamed before the command is taken.
  target_id     text NOT NULL,
  database      text NOT NULL,
  name          text NOT NULL,
  arguments     jsonb NOT NULL,
  status        text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'SUCCESSFUL', 'FAILED')),
  requested_by  text NOT NULL DEFAULT session_user,
  requested_at  timestamptz NOT NULL DEFAULT sluice_private.clock(),
  tx            xid8 NOT NULL DEFAULT pg_current_xact_id(),
  attempts      integer NOT NULL DEFAULT 0,
  ready_at      timestamptz NOT NULL DEFAULT sluice_private.clock(),
  taken_at      timestamptz,
  merged_into   text,
  instance_id   text,
  backfill_id   text,
  error_code    text,
  error         text
);
CREATE INDEX commands_pending ON sluice_private.commands (seq) WHERE status = 'PENDING';
CREATE INDEX commands_of_target ON sluice_private.commands (target_id, seq) WHERE status = 'PENDING';
CREATE INDEX commands_of_transaction ON sluice_private.commands (tx, target_id) WHERE status = 'PENDING';
CREATE INDEX commands_by_time ON sluice_private.commands (requested_at DESC, command_id);

CREATE VIEW sluice.commands AS
SELECT command_id, command, database, name, arguments, status, merged_into, instance_id, backfill_id,
       error_code, error, requested_by, requested_at, taken_at, attempts
FROM sluice_private.commands;
COMMENT ON VIEW sluice.commands IS 'Commands given by sluice.refresh() and its kin, and what became of them.';
COMMENT ON COLUMN sluice.commands.command_id IS 'What the function returned; the id of the instance it led to, too.';
COMMENT ON COLUMN sluice.commands.command IS 'refresh, backfill, suspend, resume, execute-workflow or backfill-workflow.';
COMMENT ON COLUMN sluice.commands.database IS 'Schema of the table or workflow, when it was given.';
COMMENT ON COLUMN sluice.commands.name IS 'Name of the table or workflow, when it was given.';
COMMENT ON COLUMN sluice.commands.arguments IS 'What was asked for.';
COMMENT ON COLUMN sluice.commands.status IS 'PENDING until a gateway takes it, then SUCCESSFUL (carried out, or queued) or FAILED.';
COMMENT ON COLUMN sluice.commands.merged_into IS 'The equal command that this one became part of.';
COMMENT ON COLUMN sluice.commands.instance_id IS 'The workflow instance that carries it out.';
COMMENT ON COLUMN sluice.commands.backfill_id IS 'The backfill that carries it out.';
COMMENT ON COLUMN sluice.commands.error_code IS 'Why it was refused after the commit: a code.';
COMMENT ON COLUMN sluice.commands.error IS 'That error in words.';
COMMENT ON COLUMN sluice.commands.requested_by IS 'The role that gave it.';
COMMENT ON COLUMN sluice.commands.requested_at IS 'When it was given.';
COMMENT ON COLUMN sluice.commands.taken_at IS 'When a gateway took it.';
COMMENT ON COLUMN sluice.commands.attempts IS 'Attempts that met a passing error of the database.';

-- An argument that must be there.
CREATE FUNCTION sluice_private.require_argument(value text, argument text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF value IS NULL OR value = '' THEN
    RAISE EXCEPTION 'argument % is missing [GW-REQUEST]', argument USING ERRCODE = 'null_value_not_allowed';
  END IF;
  RETURN value;
END $$;

-- A name as SQL writes it, [[catalog.]database.]name, in parts: the last is the name, the one before the schema or NULL.
CREATE FUNCTION sluice_private.name_parts(given text, OUT schema_name text, OUT object_name text)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  parts text[];
BEGIN
  parts := parse_ident(given);
  IF cardinality(parts) > 3 THEN
    RAISE EXCEPTION 'name "%" has too many parts [GW-NAME]', given USING ERRCODE = 'invalid_name';
  END IF;
  IF cardinality(parts) = 3 AND parts[1] <> current_database() THEN
    RAISE EXCEPTION 'catalog "%" does not exist [GW-CATALOG-UNKNOWN]', parts[1]
      USING ERRCODE = 'invalid_catalog_name', HINT = format('The only catalog is %I.', current_database());
  END IF;
  object_name := parts[cardinality(parts)];
  schema_name := CASE WHEN cardinality(parts) > 1 THEN parts[cardinality(parts) - 1] END;
END $$;

-- The materialized table of a name. As in PostgreSQL the first schema of the path that has anything of the name decides.
CREATE FUNCTION sluice_private.find_table(given text, path name[]) RETURNS sluice_private.materialized_tables
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  parts record;
  place text;
  its sluice_private.materialized_tables;
BEGIN
  SELECT * INTO parts FROM sluice_private.name_parts(sluice_private.require_argument(given, 'table_name'));
  SELECT p.place INTO place
  FROM unnest(CASE WHEN parts.schema_name IS NULL THEN path::text[] ELSE ARRAY[parts.schema_name] END)
    WITH ORDINALITY AS p (place, ordinal)
  WHERE EXISTS (SELECT FROM sluice_private.materialized_tables t
                WHERE t.database = p.place AND t.name = parts.object_name)
     OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = p.place AND c.relname = parts.object_name)
  ORDER BY p.ordinal LIMIT 1;
  SELECT t.* INTO its FROM sluice_private.materialized_tables t
  WHERE t.database = place AND t.name = parts.object_name;
  IF FOUND THEN
    RETURN its;
  END IF;
  IF place IS NOT NULL THEN
    RAISE EXCEPTION '"%.%" is not a materialized table [MT-NOT-MT]', place, parts.object_name
      USING ERRCODE = 'wrong_object_type';
  END IF;
  RAISE EXCEPTION 'materialized table "%" does not exist [MT-NOTFOUND]', given USING ERRCODE = 'undefined_table';
END $$;

-- The workflow of a name; those of tables are reached through their table.
CREATE FUNCTION sluice_private.find_workflow(given text, path name[]) RETURNS sluice_private.workflows
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  parts record;
  its sluice_private.workflows;
BEGIN
  SELECT * INTO parts FROM sluice_private.name_parts(sluice_private.require_argument(given, 'workflow'));
  SELECT w.* INTO its
  FROM unnest(CASE WHEN parts.schema_name IS NULL THEN path::text[] ELSE ARRAY[parts.schema_name] END)
    WITH ORDINALITY AS p (place, ordinal)
  JOIN sluice_private.workflows w ON w.database = p.place AND w.name = parts.object_name
  ORDER BY p.ordinal LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'workflow "%" does not exist [WF-NOTFOUND]', given USING ERRCODE = 'undefined_object';
  END IF;
  IF its.kind = 'table' THEN
    RAISE EXCEPTION 'workflow "%" belongs to a materialized table [WF-TABLE-OWNED]', given
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'sluice.refresh() refreshes the table.';
  END IF;
  RETURN its;
END $$;

-- Options as an object of texts, for true and 4 may be written without quotes. Refuses keys that are not `known`; NULL
-- lets every key pass.
CREATE FUNCTION sluice_private.command_options(given jsonb, known text[]) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  one record;
  checked jsonb := '{}';
BEGIN
  IF given IS NULL THEN
    RETURN checked;
  END IF;
  IF jsonb_typeof(given) <> 'object' THEN
    RAISE EXCEPTION 'an object of texts is expected, not % [GW-REQUEST]', jsonb_typeof(given)
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR one IN SELECT e.key, e.value FROM jsonb_each(given) AS e LOOP
    IF known IS NOT NULL AND NOT one.key = ANY (known) THEN
      RAISE EXCEPTION 'option ''%'' does not exist [MT-OPTION-UNKNOWN]', one.key
        USING ERRCODE = 'invalid_parameter_value', HINT = format('There are %s.', array_to_string(known, ', '));
    END IF;
    IF jsonb_typeof(one.value) NOT IN ('string', 'number', 'boolean') THEN
      RAISE EXCEPTION 'the value of ''%'' is no text [GW-REQUEST]', one.key
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    checked := checked || jsonb_build_object(one.key, one.value #>> '{}');
  END LOOP;
  RETURN checked;
END $$;

-- A partition as the ledger writes it (k1=v1/k2=v2), checked against the table: keys are partition columns, values can be
-- cast to their types. NULL and '' are the whole table.
CREATE FUNCTION sluice_private.command_partition(of_table sluice_private.materialized_tables, partition text)
  RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  keys text[] := ARRAY(SELECT jsonb_array_elements_text(of_table.definition -> 'partitionKeys'));
  part text;
  spec jsonb := '{}';
  key text;
  value text;
  type text;
BEGIN
  IF partition IS NULL OR partition = '' THEN
    RETURN NULL;
  END IF;
  FOREACH part IN ARRAY string_to_array(partition, '/') LOOP
    IF part !~ '^[^=]+=[^=]*$' THEN
      RAISE EXCEPTION 'partition "%" cannot be read [MT-SPEC-VALUE]', partition
        USING ERRCODE = 'invalid_text_representation',
          HINT = 'Write key=value, several with / between them; /, =, % and \ in values as %2F, %3D, %25 and %5C.';
    END IF;
    key := sluice_private.partition_decode(split_part(part, '=', 1));
    IF NOT key = ANY (keys) THEN
      RAISE EXCEPTION '"%" is no partition column [MT-SPEC-UNKNOWN]', key
        USING ERRCODE = 'undefined_column', HINT = CASE WHEN cardinality(keys) = 0 THEN 'The table is not partitioned.'
          ELSE format('The partition columns are %s.', array_to_string(keys, ', ')) END;
    END IF;
    IF spec ? key THEN
      RAISE EXCEPTION 'partition column "%" occurs twice [MT-SPEC-VALUE]', key
        USING ERRCODE = 'invalid_text_representation';
    END IF;
    value := CASE WHEN split_part(part, '=', 2) <> '\N'
      THEN sluice_private.partition_decode(split_part(part, '=', 2)) END;
    SELECT c.value ->> 'type' INTO type FROM jsonb_array_elements(of_table.definition -> 'columns') AS c
    WHERE c.value ->> 'name' = key;
    PERFORM sluice_private.check_value(key, value, type);
    spec := spec || jsonb_build_object(key, value);
  END LOOP;
  RETURN spec;
END $$;

-- Refuses a text that is no value of a type; words such as 'yesterday' mean another day each day. The type is one of a
-- stored table, as the server writes it.
CREATE FUNCTION sluice_private.check_value(key text, value text, type text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF value IS NULL OR type IS NULL OR type ~ '^(text|character|bpchar)' THEN
    RETURN;
  END IF;
  IF type ~ '^(date|time)' AND value !~* '^\s*([+-]?\d|-?infinity)' THEN
    RAISE invalid_text_representation;
  END IF;
  EXECUTE format('SELECT CAST($1 AS %s)', type) USING value;
EXCEPTION WHEN data_exception THEN
  RAISE EXCEPTION '"%" is no value of partition column "%" of type % [MT-SPEC-VALUE]', value, key, type
    USING ERRCODE = 'invalid_text_representation';
END $$;

-- Leaves the command, unless the transaction has left an equal one, and wakes the gateways when it commits.
CREATE FUNCTION sluice_private.give_command(
  what text, target text, in_database text, called text, with_arguments jsonb) RETURNS text
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  switch boolean := what IN ('suspend', 'resume');
  known sluice_private.commands;
  id text := replace(gen_random_uuid()::text, '-', '');
BEGIN
  -- Of SUSPEND and RESUME the last one counts: an earlier equal one is not the same wish.
  SELECT c.* INTO known FROM sluice_private.commands c
  WHERE c.status = 'PENDING' AND c.tx = pg_current_xact_id() AND c.target_id = target
    AND CASE WHEN switch THEN c.command IN ('suspend', 'resume')
             ELSE c.command = what AND c.arguments = with_arguments END
  ORDER BY c.seq DESC LIMIT 1;
  IF FOUND AND known.command = what AND known.arguments = with_arguments THEN
    RETURN known.command_id;
  END IF;
  INSERT INTO sluice_private.commands (command_id, command, target_id, database, name, arguments)
  VALUES (id, what, target, in_database, called, with_arguments);
  PERFORM pg_notify('sluice_scheduler', '');
  RETURN id;
END $$;

-- The functions. `search_path` is there for its default alone: it is taken where the call stands, before the function's own
-- path is set.
CREATE FUNCTION sluice.refresh(
  table_name text, partition text DEFAULT NULL, options jsonb DEFAULT '{}',
  search_path name[] DEFAULT pg_catalog.current_schemas(true)) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('refresh', its.table_id, its.database, its.name, jsonb_build_object(
    'partition', sluice_private.command_partition(its, partition),
    'options', sluice_private.command_options(options, ARRAY['force', 'cascade'])));
END $$;
COMMENT ON FUNCTION sluice.refresh(text, text, jsonb, name[]) IS
  'Queues a refresh of a materialized table, or of the partition k1=v1/k2=v2, when the transaction commits.';

CREATE FUNCTION sluice.backfill(
  table_name text, range_from text, range_to text, options jsonb DEFAULT '{}',
  search_path name[] DEFAULT pg_catalog.current_schemas(true)) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('backfill', its.table_id, its.database, its.name, jsonb_build_object(
    'from', sluice_private.require_argument(range_from, 'range_from'),
    'to', sluice_private.require_argument(range_to, 'range_to'),
    'options', sluice_private.command_options(options, ARRAY[
      'parallelism', 'order', 'reprocess', 'queue', 'cascade', 'throttle', 'force'])));
END $$;
COMMENT ON FUNCTION sluice.backfill(text, text, text, jsonb, name[]) IS
  'Queues a backfill of a materialized table over [range_from, range_to) when the transaction commits.';

CREATE FUNCTION sluice.suspend(
  table_name text, options jsonb DEFAULT '{}',
  search_path name[] DEFAULT pg_catalog.current_schemas(true)) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('suspend', its.table_id, its.database, its.name, jsonb_build_object(
    'options', sluice_private.command_options(options, ARRAY['cancel'])));
END $$;
COMMENT ON FUNCTION sluice.suspend(text, jsonb, name[]) IS
  'Suspends the schedule of a materialized table after the transaction commits.';

CREATE FUNCTION sluice.resume(
  table_name text, options jsonb DEFAULT '{}',
  search_path name[] DEFAULT pg_catalog.current_schemas(true)) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  its sluice_private.materialized_tables := sluice_private.find_table(table_name, search_path);
BEGIN
  RETURN sluice_private.give_command('resume', its.table_id, its.database, its.name, jsonb_build_object(
    'options', sluice_private.command_options(options, NULL)));
END $$;
COMMENT ON FUNCTION sluice.resume(text, jsonb, name[]) IS
  'Resumes the schedule of a materialized table after the transaction commits.';

CREATE FUNCTION sluice.execute_workflow(
  workflow text, at timestamp DEFAULT NULL, variables jsonb DEFAULT '{}',
  search_path name[] DEFAULT pg_catalog.current_schemas(true)) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  its sluice_private.workflows := sluice_private.find_workflow(workflow, search_path);
BEGIN
  RETURN sluice_private.give_command('execute-workflow', its.workflow_id, its.database, its.name,
    jsonb_build_object('at', to_char(at, 'YYYY-MM-DD HH24:MI:SS.MS'),
                       'variables', sluice_private.command_options(variables, NULL)));
END $$;
COMMENT ON FUNCTION sluice.execute_workflow(text, timestamp, jsonb, name[]) IS
  'Runs a workflow once when the transaction commits; `at` is a time in the workflow''s zone, now if NULL.';

CREATE FUNCTION sluice.backfill_workflow(
  workflow text, range_from timestamp, range_to timestamp, variables jsonb DEFAULT '{}', options jsonb DEFAULT '{}',
  search_path name[] DEFAULT pg_catalog.current_schemas(true)) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  its sluice_private.workflows := sluice_private.find_workflow(workflow, search_path);
BEGIN
  IF NOT range_from < range_to OR NOT isfinite(range_from) OR NOT isfinite(range_to) THEN
    RAISE EXCEPTION 'the range from % to % is empty or without end [BF-RANGE]', range_from, range_to
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN sluice_private.give_command('backfill-workflow', its.workflow_id, its.database, its.name,
    jsonb_build_object(
      'from', sluice_private.require_argument(to_char(range_from, 'YYYY-MM-DD HH24:MI:SS.MS'), 'range_from'),
      'to', sluice_private.require_argument(to_char(range_to, 'YYYY-MM-DD HH24:MI:SS.MS'), 'range_to'),
      'variables', sluice_private.command_options(variables, NULL),
      'options', sluice_private.command_options(options, ARRAY[
        'parallelism', 'order', 'reprocess', 'queue', 'throttle', 'force'])));
END $$;
COMMENT ON FUNCTION sluice.backfill_workflow(text, timestamp, timestamp, jsonb, jsonb, name[]) IS
  'Queues a backfill of a workflow over [range_from, range_to), in its zone, when the transaction commits.';

-- Who may give commands is granted by the operator, function by function.
REVOKE EXECUTE ON FUNCTION
  sluice.refresh(text, text, jsonb, name[]),
  sluice.backfill(text, text, text, jsonb, name[]),
  sluice.suspend(text, jsonb, name[]),
  sluice.resume(text, jsonb, name[]),
  sluice.execute_workflow(text, timestamp, jsonb, name[]),
  sluice.backfill_workflow(text, timestamp, timestamp, jsonb, jsonb, name[])
FROM PUBLIC;

-- Lineage. What feeds the columns of a table is part of the analysis of its query; a column of which some part could not
-- be followed has no edges, and a row among the gaps instead.
CREATE OR REPLACE VIEW sluice.lineage AS
SELECT t.database, t.name, s.source_schema AS source_database, s.source_name,
       s.source_table_id IS NOT NULL AS source_is_materialized_table,
       'table'::text AS kind, NULL::text AS column_name, NULL::text AS source_column,
       NULL::text AS transformation
FROM sluice_private.table_sources s JOIN sluice_private.materialized_tables t USING (table_id)
UNION ALL
SELECT t.database, t.name, e.source ->> 'schema', e.source ->> 'name',
       EXISTS (SELECT FROM sluice_private.table_sources s
               WHERE s.table_id = t.table_id AND s.source_table_id IS NOT NULL
                 AND s.source_schema = e.source ->> 'schema' AND s.source_name = e.source ->> 'name'),
       'column', l.fed ->> 'column', e.source ->> 'column', e.source ->> 'transformation'
FROM sluice_private.materialized_tables t
CROSS JOIN LATERAL jsonb_array_elements(coalesce(t.analysis -> 'lineage', '[]')) AS l (fed)
CROSS JOIN LATERAL jsonb_array_elements(l.fed -> 'sources') AS e (source);
COMMENT ON VIEW sluice.lineage IS 'What each materialized table and each of its columns reads, through views too.';
COMMENT ON COLUMN sluice.lineage.kind IS 'table or column: what the edge connects.';
COMMENT ON COLUMN sluice.lineage.column_name IS 'Column of the table; NULL in edges of tables.';
COMMENT ON COLUMN sluice.lineage.source_column IS 'Column of what it reads; NULL in edges of tables.';
COMMENT ON COLUMN sluice.lineage.transformation IS 'IDENTITY, EXPRESSION or AGGREGATION: what is done on the way.';

CREATE VIEW sluice.lineage_gaps AS
SELECT t.database, t.name, c.name AS column_name,
       CASE WHEN f.fed IS NULL THEN 'the query was analysed by an earlier version' ELSE f.fed ->> 'gap' END AS reason
FROM sluice_private.materialized_tables t
CROSS JOIN LATERAL jsonb_to_recordset(t.definition -> 'columns') AS c (name text)
LEFT JOIN LATERAL (
  SELECT l.fed FROM jsonb_array_elements(coalesce(t.analysis -> 'lineage', '[]')) AS l (fed)
  WHERE l.fed ->> 'column' = c.name) f ON true
WHERE f.fed IS NULL OR f.fed ->> 'gap' IS NOT NULL;
COMMENT ON VIEW sluice.lineage_gaps IS 'Columns of materialized tables whose origin could not be followed.';
COMMENT ON COLUMN sluice.lineage_gaps.database IS 'Schema of the table.';
COMMENT ON COLUMN sluice.lineage_gaps.name IS 'Name of the table.';
COMMENT ON COLUMN sluice.lineage_gaps.column_name IS 'The column.';
COMMENT ON COLUMN sluice.lineage_gaps.reason IS 'Why it could not be followed.';
