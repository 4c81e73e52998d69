SELECT 1::bigint FROM held_mail WHERE program = $1::text AND mail_id = $2::bytea
