-- The account of all histories also counts what lies beside them: texts and files, receipts,
-- letters, publications, the read log. Filled by the program, which has the key, in the same
-- transaction; NULL in an account from before.
ALTER TABLE history_account ADD COLUMN beside BLOB; -- secret
