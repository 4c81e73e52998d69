-- What was read in the text of a policy when the version came into force, and by which
-- version of the compiler: a later compiler never changes what a case was promised.
-- NULL for versions from before this table; those are read again each time.
ALTER TABLE policy ADD COLUMN reading TEXT; -- public
ALTER TABLE policy ADD COLUMN compiler TEXT; -- public
