SELECT received, settled, head_sealed, mail_sealed FROM held_mail
WHERE program = ?1 AND mail_id = ?2
