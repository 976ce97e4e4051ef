-- From the tables of version 1 to those of version 2: who was asked beside who answered; runs and faults; tokens put into a cache.
CREATE TABLE served_2 (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  name TEXT NOT NULL,
  build TEXT NOT NULL,
  UNIQUE (model, name, build)
);
CREATE TEMP TABLE asked AS
SELECT a.id AS answer, s.name, s.build, coalesce(min(p.identity), '') AS model
FROM answer a JOIN served s ON s.id = a.served LEFT JOIN reply r ON r.answer = a.id LEFT JOIN match m ON m.id = r.match
  LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = r.seat
GROUP BY a.id;
INSERT INTO served_2 (model, name, build) SELECT DISTINCT model, name, build FROM asked ORDER BY 1, 2, 3;
UPDATE answer SET served = (
  SELECT s.id FROM asked q JOIN served_2 s ON s.model = q.model AND s.name = q.name AND s.build = q.build WHERE q.answer = answer.id);
DROP TABLE asked;
DROP TABLE served;
ALTER TABLE served_2 RENAME TO served;
ALTER TABLE answer ADD COLUMN written INTEGER;
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  began REAL NOT NULL,
  ended REAL,
  asked INTEGER NOT NULL,
  answered INTEGER NOT NULL
);
CREATE TABLE fault (
  id INTEGER PRIMARY KEY,
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sample INTEGER NOT NULL,
  try INTEGER NOT NULL,
  model TEXT NOT NULL,
  what TEXT NOT NULL,
  words TEXT NOT NULL
);
PRAGMA user_version = 2;
