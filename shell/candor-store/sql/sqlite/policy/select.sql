SELECT text, file, settings_sealed, since FROM policy WHERE program = ?1 AND digest = ?2
