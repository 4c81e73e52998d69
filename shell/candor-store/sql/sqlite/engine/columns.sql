-- The columns of a table that are stored, with their place in its primary key (-1: none).
SELECT name, pk - 1, type = 'TEXT', 0 FROM pragma_table_xinfo(?1) WHERE hidden = 0 ORDER BY name
