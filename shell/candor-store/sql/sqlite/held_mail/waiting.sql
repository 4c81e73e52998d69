SELECT count(*) FROM held_mail WHERE program = ?1 AND settled IS NULL
