-- The turn of this writer among those of all processes, and the name of its transaction,
-- by which its end can be asked for when the connection is lost on the way. Behind it, how
-- often keys were changed.
BEGIN;
SELECT pg_current_xact_id()::text || ' ' || key_epoch FROM instance WHERE only_row = 1 FOR UPDATE
