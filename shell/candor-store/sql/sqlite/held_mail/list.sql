SELECT mail_id, received, settled, head_sealed FROM held_mail WHERE program = ?1
ORDER BY (settled IS NOT NULL), received DESC, mail_id LIMIT ?2
