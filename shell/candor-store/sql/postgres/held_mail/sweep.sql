DELETE FROM held_mail WHERE settled < $1::bigint
