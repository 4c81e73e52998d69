SELECT digest, settings_sealed FROM policy WHERE program = ?1
