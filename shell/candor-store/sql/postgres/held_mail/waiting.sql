SELECT count(*) FROM held_mail WHERE program = $1::text AND settled IS NULL
