SELECT count(*) FROM counter
