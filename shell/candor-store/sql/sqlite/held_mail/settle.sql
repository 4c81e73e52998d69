UPDATE held_mail SET settled = ?3, head_sealed = ?4, mail_sealed = coalesce(?5, mail_sealed)
WHERE program = ?1 AND mail_id = ?2 AND settled IS NULL
