SELECT 1 FROM held_mail WHERE program = ?1 AND mail_id = ?2
