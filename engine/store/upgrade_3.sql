-- From the tables of version 2 to those of version 3: observers.
ALTER TABLE player ADD COLUMN watches INTEGER;
DROP VIEW belief_all;
CREATE VIEW belief_all AS
SELECT m.id AS row, m.number AS match, m.version, (SELECT name FROM study ORDER BY id DESC LIMIT 1) AS study,
  c.name AS condition, r.game, m.block, b.round, b.seat, coalesce(s.name, 'observer') AS seat_name, p.name AS player, b.n, b.sample,
  b.about, o.name AS about_name, b.decision, b.guess, b.truth, b.guess = b.truth AS hit
FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN beliefs b ON b.match = m.id
  LEFT JOIN seat s ON s.match = m.id AND s.seat = b.seat LEFT JOIN seat o ON o.match = m.id AND o.seat = b.about
  LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = b.seat;
PRAGMA user_version = 3;
