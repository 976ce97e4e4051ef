-- From the tables of version 2 to those of version 3: observers; answers to questions with a right answer beside beliefs, and the probability
-- that was given to what came true; studies frozen, and looks.
ALTER TABLE player ADD COLUMN watches INTEGER;
DROP VIEW belief;
DROP VIEW belief_all;
CREATE TABLE beliefs_3 (
  match INTEGER NOT NULL REFERENCES match,
  number INTEGER NOT NULL,
  seat INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sample INTEGER NOT NULL,
  round INTEGER NOT NULL,
  about INTEGER,
  decision TEXT NOT NULL,
  guess TEXT,
  truth TEXT,
  given REAL,
  PRIMARY KEY (match, number)
) WITHOUT ROWID;
INSERT INTO beliefs_3
SELECT match, number, seat, n, sample, round, about, decision, guess, truth, CASE WHEN at IS NOT NULL AND scores IS NOT NULL THEN
  coalesce(json_extract(scores, '$[' || at || ']'), 0) END
FROM (
  SELECT b.*, q.scores, (
    SELECT x.number FROM choices k JOIN action x ON x.action_set = k.action_set
    WHERE k.match = b.match AND k.seat = b.about AND k.decision = b.decision AND x.name = b.truth) AS at
  FROM beliefs b LEFT JOIN question q ON q.match = b.match AND q.seat = b.seat AND q.n = b.n AND q.sample = b.sample);
DROP TABLE beliefs;
ALTER TABLE beliefs_3 RENAME TO beliefs;
CREATE VIEW belief_all AS
SELECT m.id AS row, m.number AS match, m.version, (SELECT name FROM study ORDER BY id DESC LIMIT 1) AS study,
  c.name AS condition, r.game, m.block, b.round, b.seat, coalesce(s.name, 'observer') AS seat_name, p.name AS player, b.n, b.sample,
  b.about, o.name AS about_name, b.decision, q.question, b.guess, b.truth, b.guess = b.truth AS hit, b.given
FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN beliefs b ON b.match = m.id
  LEFT JOIN seat s ON s.match = m.id AND s.seat = b.seat LEFT JOIN seat o ON o.match = m.id AND o.seat = b.about
  LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = b.seat
  LEFT JOIN question q ON q.match = m.id AND q.seat = b.seat AND q.n = b.n AND q.sample = b.sample;
CREATE VIEW belief AS               -- a row for each belief: hit is 1 where the other then did what was said, or the answer is right
SELECT match, study, condition, game, block, round, seat, seat_name, player, n, sample, about, about_name, decision, question,
  guess, truth, hit, given
FROM belief_all WHERE match IS NOT NULL;
CREATE TABLE frozen (
  id INTEGER PRIMARY KEY,
  at REAL NOT NULL,
  hash TEXT NOT NULL,
  design TEXT NOT NULL,
  files TEXT NOT NULL,
  analysis TEXT NOT NULL,
  texts TEXT NOT NULL
);
CREATE TABLE look (
  id INTEGER PRIMARY KEY,
  at REAL NOT NULL,
  blocks INTEGER NOT NULL,
  analysis TEXT NOT NULL
);
PRAGMA user_version = 3;
