DELETE FROM counter WHERE key = $1
