INSERT INTO held_mail (program, mail_id, received, settled, head_sealed, mail_sealed)
VALUES (?1, ?2, ?3, NULL, ?4, ?5)
