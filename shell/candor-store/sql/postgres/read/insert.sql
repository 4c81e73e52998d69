INSERT INTO case_read (program, case_id, account_id, hour, at)
VALUES ($1::text, $2::bytea, $3::bytea, $4::bigint, $5::bigint) ON CONFLICT DO NOTHING
