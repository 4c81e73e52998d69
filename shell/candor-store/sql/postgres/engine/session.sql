-- What every connection starts with. A stored report is a stored report: no commit that
-- is answered before it is written. A process that stands still gives up its turn.
SET search_path = candor;
SET statement_timeout = '30s';
SET lock_timeout = '10s';
SET idle_in_transaction_session_timeout = '30s';
SET default_transaction_isolation = 'read committed';
SET bytea_output = 'hex';
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off'
