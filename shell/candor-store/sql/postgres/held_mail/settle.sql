UPDATE held_mail SET settled = $3::bigint, head_sealed = $4::bytea,
    mail_sealed = coalesce($5::bytea, mail_sealed)
WHERE program = $1::text AND mail_id = $2::bytea AND settled IS NULL
