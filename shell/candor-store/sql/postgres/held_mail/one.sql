SELECT received, settled, head_sealed, mail_sealed FROM held_mail
WHERE program = $1::text AND mail_id = $2::bytea
