SELECT text, file, settings_sealed, since, reading, compiler FROM policy WHERE program = $1 AND digest = $2
