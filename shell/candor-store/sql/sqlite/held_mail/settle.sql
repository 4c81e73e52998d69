UPDATE held_mail SET settled = ?3, head_sealed = ?4
WHERE program = ?1 AND mail_id = ?2 AND settled IS NULL
