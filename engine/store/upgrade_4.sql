-- From the tables of version 3 to those of version 4: whether chance took part in a match, and a trace that does not depend on who sat
-- where: neither can be told from the tables of before.
ALTER TABLE match ADD COLUMN chance INTEGER;
UPDATE match SET trace = NULL;
