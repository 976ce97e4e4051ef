-- Copies into this file (main) what another file of the same study and plan (part) has of matches that it lacks or has less of. Ids
-- become this file's: each temporary table has, for an id of the part, the one here.

INSERT OR IGNORE INTO source (name, hash, text) SELECT name, hash, text FROM part.source;
CREATE TEMP TABLE to_source AS
SELECT p.id AS old, s.id AS new FROM part.source p JOIN main.source s ON s.hash = p.hash AND s.name = p.name;
INSERT OR IGNORE INTO inputs (hash) SELECT hash FROM part.inputs;
CREATE TEMP TABLE to_inputs AS SELECT p.id AS old, i.id AS new FROM part.inputs p JOIN main.inputs i ON i.hash = p.hash;
INSERT OR IGNORE INTO input
SELECT i.new, s.new FROM part.input p JOIN to_inputs i ON i.old = p.inputs JOIN to_source s ON s.old = p.source;

INSERT OR IGNORE INTO rules (hash, number, game, rules, settings, horizon_true)
SELECT hash, number, game, rules, settings, horizon_true FROM part.rules;
CREATE TEMP TABLE to_rules AS
SELECT p.id AS old, r.id AS new FROM part.rules p
  JOIN main.rules r ON r.hash = p.hash AND r.rules = p.rules AND r.settings = p.settings;
INSERT OR IGNORE INTO condition (name, levels) SELECT name, levels FROM part.condition;
CREATE TEMP TABLE to_condition AS
SELECT p.id AS old, c.id AS new FROM part.condition p JOIN main.condition c ON c.name = p.name AND c.levels = p.levels;
INSERT OR IGNORE INTO lineup (hash, number, name) SELECT hash, number, name FROM part.lineup;
CREATE TEMP TABLE to_lineup AS SELECT p.id AS old, l.id AS new FROM part.lineup p JOIN main.lineup l ON l.hash = p.hash;
INSERT OR IGNORE INTO player (lineup, seat, name, strategy, settings, told, model, identity, sampling, watches)
SELECT l.new, seat, name, strategy, settings, told, model, identity, sampling, watches FROM part.player JOIN to_lineup l ON l.old = lineup;

INSERT OR IGNORE INTO model SELECT * FROM part.model;
INSERT OR IGNORE INTO served (model, name, build) SELECT model, name, build FROM part.served;
CREATE TEMP TABLE to_served AS
SELECT p.id AS old, s.id AS new FROM part.served p JOIN main.served s ON s.model = p.model AND s.name = p.name AND s.build = p.build;
INSERT OR IGNORE INTO action_set (kind, options) SELECT kind, options FROM part.action_set;
CREATE TEMP TABLE to_set (old INTEGER PRIMARY KEY, new);
INSERT INTO to_set SELECT p.id, s.id FROM part.action_set p JOIN main.action_set s ON s.options = p.options;
INSERT OR IGNORE INTO action SELECT s.new, number, name FROM part.action JOIN to_set s ON s.old = action_set;

-- Of two rows of one match and version, the better: whole, void, failed, open; then the one with more replies.
CREATE TEMP VIEW here AS
SELECT m.id, m.seed, r.hash AS rules, m.lineup, m.block, m.version,
  instr('open failed void whole', m.status) * 1000000 + (SELECT count(*) FROM main.reply y WHERE y.match = m.id) AS worth
FROM main.match m JOIN main.rules r ON r.id = m.rules;
CREATE TEMP TABLE better (seed, rules, lineup, block, version, id, worth, PRIMARY KEY (seed, rules, lineup, block, version));
INSERT INTO better SELECT seed, rules, lineup, block, version, id, worth FROM here;
-- Matches of the part that stand here too, and those that are taken from it.
CREATE TEMP TABLE stands AS
SELECT m.id AS old, b.id, b.worth <
  instr('open failed void whole', m.status) * 1000000 + (SELECT count(*) FROM part.reply y WHERE y.match = m.id) AS worse
FROM part.match m JOIN part.rules r ON r.id = m.rules JOIN to_lineup l ON l.old = m.lineup
  JOIN better b ON b.seed = m.seed AND b.rules = r.hash AND b.lineup = l.new AND b.block = m.block AND b.version = m.version;
CREATE TEMP TABLE to_match (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, was INTEGER);
INSERT INTO to_match
SELECT m.id, m.id + (SELECT coalesce(max(id), 0) FROM main.match), s.id
FROM part.match m LEFT JOIN stands s ON s.old = m.id WHERE s.id IS NULL OR s.worse;

DELETE FROM main.reply WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.seat WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.choices WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.message WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.measures WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.question WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.memory WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.beliefs WHERE match IN (SELECT was FROM to_match);
DELETE FROM main.match WHERE id IN (SELECT was FROM to_match);

INSERT INTO main.match (id, number, condition, rules, lineup, block, seed, version, previous, inputs, drawn, attempt, status, why,
  void_seat, rounds, closed, missing, pairs, equal, trace, chance, started, finished)
SELECT t.new, m.number, c.new, r.new, l.new, m.block, m.seed, m.version, coalesce(b.new, k.id), i.new, m.drawn, m.attempt, m.status,
  m.why, m.void_seat, m.rounds, m.closed, m.missing, m.pairs, m.equal, m.trace, m.chance, m.started, m.finished
FROM part.match m JOIN to_match t ON t.old = m.id JOIN to_condition c ON c.old = m.condition JOIN to_rules r ON r.old = m.rules
  JOIN to_lineup l ON l.old = m.lineup JOIN to_inputs i ON i.old = m.inputs
  -- The older version may be the one that stands here.
  LEFT JOIN to_match b ON b.old = m.previous LEFT JOIN stands k ON k.old = m.previous;
-- What pointed to a row that went points to the one in its place.
UPDATE main.match SET previous = (SELECT new FROM to_match WHERE was = previous) WHERE previous IN (SELECT was FROM to_match);
UPDATE main.fault SET match = (SELECT new FROM to_match WHERE was = match) WHERE match IN (SELECT was FROM to_match);
-- A match is numbered in its newest version only.
UPDATE main.match SET number = NULL WHERE id IN (
  SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY number ORDER BY version DESC, id) AS place
    FROM main.match WHERE number IS NOT NULL) WHERE place > 1);

-- Answers: one that is a function of its request stands once (a server may have answered otherwise to another part: then each
-- holds where it was given).
CREATE TEMP TABLE to_answer (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
INSERT INTO to_answer
SELECT a.id, coalesce(
  CASE WHEN a.pure THEN (SELECT x.id FROM main.answer x JOIN main.served s ON s.id = x.served
    WHERE x.pure AND x.request = a.request AND s.build = (SELECT build FROM part.served WHERE id = a.served)
      AND x.scores IS a.scores AND x.text IS a.text) END,
  a.id + (SELECT coalesce(max(id), 0) FROM main.answer))
FROM part.answer a WHERE a.id IN (SELECT answer FROM part.reply JOIN to_match ON old = match);
INSERT OR IGNORE INTO main.answer (id, request, pure, served, scores, text, failure, finish, thinking, input, cached, written, output,
  reasoning, raw, seconds, tries)
SELECT t.new, a.request, a.pure, s.new, a.scores, a.text, a.failure, a.finish, a.thinking, a.input, a.cached, a.written, a.output,
  a.reasoning, a.raw, a.seconds, a.tries
FROM part.answer a JOIN to_answer t ON t.old = a.id JOIN to_served s ON s.old = a.served;
INSERT INTO main.reply SELECT m.new, seat, n, sample, try, dropped, a.new
FROM part.reply JOIN to_match m ON m.old = match JOIN to_answer a ON a.old = answer;

INSERT INTO main.seat SELECT m.new, seat, name, payoffs, total FROM part.seat JOIN to_match m ON m.old = match;
INSERT INTO main.choices (match, seat, decision, action_set, action_sets, actions, done, rounds, made, first, mean)
SELECT m.new, seat, decision, (SELECT new FROM to_set WHERE old = action_set),
  CASE WHEN action_sets IS NOT NULL THEN (
    SELECT json_group_array(new) FROM (SELECT s.new FROM json_each(action_sets) v LEFT JOIN to_set s ON s.old = v.value ORDER BY v.key)) END,
  actions, done, rounds, made, first, mean
FROM part.choices JOIN to_match m ON m.old = match;
INSERT INTO main.message (match, number, round, seat, name, text, done, facts, seen)
SELECT m.new, number, round, seat, name, text, done, facts, seen FROM part.message JOIN to_match m ON m.old = match;
INSERT INTO main.measures SELECT m.new, name, noted, rounds FROM part.measures JOIN to_match m ON m.old = match;
INSERT INTO main.question (match, seat, n, sample, round, decision, question, about, added, read, options, choice, mass, scores, tie,
  tries, why, cue)
SELECT m.new, seat, n, sample, round, decision, question, about, added, read, options, choice, mass, scores, tie, tries, why, cue
FROM part.question JOIN to_match m ON m.old = match;
INSERT INTO main.memory SELECT m.new, seat, number, round, decision, memory FROM part.memory JOIN to_match m ON m.old = match;
INSERT INTO main.beliefs SELECT m.new, number, seat, n, sample, round, about, decision, guess, truth, given
FROM part.beliefs JOIN to_match m ON m.old = match;

-- What runs did is all of it theirs, whichever matches were taken.
INSERT INTO main.run (began, ended, asked, answered) SELECT began, ended, asked, answered FROM part.run;
INSERT INTO main.fault (match, seat, n, sample, try, model, what, words)
SELECT coalesce(m.new, k.id, 0), seat, n, sample, try, model, what, words
FROM part.fault LEFT JOIN to_match m ON m.old = match LEFT JOIN stands k ON k.old = match;
INSERT INTO main.frozen (at, hash, design, files, analysis, texts)
SELECT at, hash, design, files, analysis, texts FROM part.frozen p
WHERE NOT EXISTS (SELECT 1 FROM main.frozen f WHERE f.hash = p.hash AND f.at = p.at);
INSERT INTO main.look (at, blocks, analysis) SELECT at, blocks, analysis FROM part.look p
WHERE NOT EXISTS (SELECT 1 FROM main.look l WHERE l.blocks = p.blocks AND l.analysis = p.analysis);

DROP VIEW here;
DROP TABLE better; DROP TABLE stands; DROP TABLE to_source; DROP TABLE to_inputs; DROP TABLE to_rules; DROP TABLE to_condition; DROP TABLE to_lineup;
DROP TABLE to_served; DROP TABLE to_set; DROP TABLE to_match; DROP TABLE to_answer;
