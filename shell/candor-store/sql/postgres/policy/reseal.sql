UPDATE policy SET settings_sealed = $3 WHERE program = $1 AND digest = $2
