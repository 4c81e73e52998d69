INSERT INTO held_mail (program, mail_id, received, settled, head_sealed, mail_sealed)
VALUES ($1::text, $2::bytea, $3::bigint, NULL, $4::bytea, $5::bytea)
