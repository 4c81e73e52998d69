SELECT value FROM counter WHERE key = $1 AND until > $2
