-- The tables of a study's file. Truth: source, study, rules, condition, lineup, player, plan, inputs, model, served, answer,
-- reply.
-- Derived again from these by `parley verify`: all else. What is of one run alone is outside the promise: times (ran, started,
-- finished, seconds), tries of HTTP, the tables run, fault,
-- frozen and look. Read the views (choice, payoff, belief, measure): they show the newest version of the matches
-- that the study, as last run, plans; choice_all and so on show every match, with its version.
-- Arrays by round: element i is of round i + 1; where that is not so, `rounds` says of which round each element is.

CREATE TABLE source (               -- every file used, as it was
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,               -- "games/ultimatum.lua"
  hash TEXT NOT NULL,               -- SHA-256 of text
  text TEXT NOT NULL,
  UNIQUE (hash, name)
);

CREATE TABLE inputs (               -- a set of files that matches depend on
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE         -- of the list of (name, hash)
);
CREATE TABLE input (
  inputs INTEGER NOT NULL REFERENCES inputs,
  source INTEGER NOT NULL REFERENCES source,
  PRIMARY KEY (inputs, source)
) WITHOUT ROWID;

CREATE TABLE study (                -- the study, a row for each way in which it was run; the last row is now
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  hash TEXT NOT NULL,               -- of text
  text TEXT NOT NULL,
  fields TEXT NOT NULL,             -- record: its resolved fields
  seed INTEGER NOT NULL,
  engine TEXT NOT NULL,             -- parley's version
  matches INTEGER NOT NULL,         -- planned
  ran REAL NOT NULL                 -- when first run so, seconds since 1970
);

CREATE TABLE rules (                -- what conditions come to; identity: hash
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  number INTEGER NOT NULL,          -- among conditions of the same content: 2 for a null level
  game TEXT NOT NULL,
  rules TEXT NOT NULL,              -- record: every rule of play; the game's settings that differ from their defaults
  settings TEXT NOT NULL,           -- record: every setting resolved, the game's in full
  horizon_true INTEGER,             -- whether what players are told of the end is so (a chance: the true one, and at most
                                    -- 1 match in 100 would go beyond `rounds`); NULL: they are told nothing
  UNIQUE (hash, rules, settings)    -- a game's default that is edited changes the rules behind one hash
);
CREATE TABLE condition (            -- a point of what is varied, by its names: they are no part of any identity
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,               -- "strategy=direct story=cooking"
  levels TEXT NOT NULL,             -- record: factor to level
  UNIQUE (name, levels)
);

CREATE TABLE lineup (               -- who plays; identity: hash
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  number INTEGER NOT NULL,          -- among equal ones
  name TEXT NOT NULL                -- "scot, alternate": its players by seat
);
CREATE TABLE player (               -- a seat of a line-up, or an observer
  lineup INTEGER NOT NULL REFERENCES lineup,
  seat INTEGER NOT NULL,
  name TEXT NOT NULL,
  strategy TEXT NOT NULL,
  settings TEXT,                    -- record: the strategy's that differ from their defaults
  told TEXT,                        -- list: sections of prompts/told
  model TEXT,                       -- as written; NULL for a fixed rule, and so are the two below
  identity TEXT,                    -- of the model, see table model
  sampling TEXT,                    -- record, resolved
  watches INTEGER,                  -- an observer's, numbered after the last seat: the seat that it watches; NULL: it sits in a seat
  PRIMARY KEY (lineup, seat)
) WITHOUT ROWID;

CREATE TABLE plan (                 -- the matches that the study, as last run, plans
  number INTEGER PRIMARY KEY,       -- of the match, from 1
  condition INTEGER NOT NULL REFERENCES condition,
  rules INTEGER NOT NULL REFERENCES rules,
  lineup INTEGER NOT NULL REFERENCES lineup,
  block INTEGER NOT NULL
);

CREATE TABLE model (                -- what is known of each model, for each build of it that answered
  identity TEXT NOT NULL,           -- a file's by its hash, a server's by name
  build TEXT NOT NULL,
  about TEXT NOT NULL,              -- record: kind, path, hash, quantisation, chat template, parameters
  PRIMARY KEY (identity, build)
) WITHOUT ROWID;

CREATE TABLE match (                -- identity: seed, hash of rules, lineup, block; a row for each set of inputs
  id INTEGER PRIMARY KEY,
  number INTEGER,                   -- in the plan; NULL: an older version, or no longer planned
  condition INTEGER NOT NULL REFERENCES condition,  -- as last run
  rules INTEGER NOT NULL REFERENCES rules,          -- as played
  lineup INTEGER NOT NULL REFERENCES lineup,
  block INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  version INTEGER NOT NULL,         -- from 1
  previous INTEGER REFERENCES match,  -- the version before
  inputs INTEGER NOT NULL REFERENCES inputs,
  drawn TEXT,                       -- record: what chance gave its block (label map, orders)
  attempt INTEGER NOT NULL,         -- how often --retry void began it anew
  status TEXT NOT NULL,             -- open, whole, void, failed
  why TEXT,                         -- void, failed: the reason
  void_seat INTEGER,
  rounds INTEGER,                   -- begun
  closed INTEGER,                   -- played to their end: only these have payoffs
  missing INTEGER,                  -- choices that could not be read, something else being done instead
  pairs INTEGER,                    -- two seats, one decision, one action set: rounds in which both chose
  equal INTEGER,                    -- those of them in which both chose the same
  trace INTEGER,                    -- equal for matches of one game in which the same players were asked, chose, said and were paid
                                    -- the same, whichever seats they sat in; NULL, as the next: written by an older parley
  chance INTEGER,                   -- 1: chance took part (nature, a player's draws, a reply that is no function of its request);
                                    -- 0: played again it is the same
  started REAL, finished REAL       -- seconds since 1970
);

CREATE TABLE seat (
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  name TEXT NOT NULL,
  payoffs TEXT,                     -- array by round, closed rounds only; NULL: nobody is ever paid in this match
  total REAL,                       -- their sum
  PRIMARY KEY (match, seat)
) WITHOUT ROWID;

CREATE TABLE action_set (           -- what may be chosen
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,               -- list, range, record, split, words
  options TEXT NOT NULL UNIQUE      -- a list of actions, or a record that describes them
);
CREATE TABLE action (               -- the actions of each list
  action_set INTEGER NOT NULL REFERENCES action_set,
  number INTEGER NOT NULL,          -- from 0
  name TEXT NOT NULL,
  PRIMARY KEY (action_set, number)
) WITHOUT ROWID;

CREATE TABLE choices (              -- what a seat chose in one decision, but for words (they are messages)
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  decision TEXT NOT NULL,
  action_set INTEGER,               -- NULL where it was not the same every time:
  action_sets TEXT,                 -- then an array
  actions TEXT NOT NULL,            -- array: a number out of table action, or the value itself; null: missing
  done TEXT,                        -- array: what was done (a tremble, in place of a missing one); NULL: always what was chosen
  rounds TEXT,                      -- array; NULL: one in each round from the first
  made INTEGER NOT NULL,            -- how many are not missing
  first INTEGER,                    -- lists: how many of these are the first action (`first` of `stats` and units.csv is their share)
  mean REAL,                        -- ranges: their mean
  PRIMARY KEY (match, seat, decision)
) WITHOUT ROWID;

CREATE TABLE message (              -- choices out of words, and tellings
  id INTEGER PRIMARY KEY,
  match INTEGER NOT NULL REFERENCES match,
  number INTEGER NOT NULL,          -- in the match, from 1
  round INTEGER NOT NULL,
  seat INTEGER,                     -- who speaks; NULL: the game tells
  name TEXT NOT NULL,               -- the decision; the section that is told
  text TEXT,                        -- what was said; NULL: missing
  done TEXT,                        -- what was done instead
  facts TEXT,                       -- record: what was told
  seen TEXT                         -- list: the seats that see it, besides its speaker; NULL: all
);
CREATE UNIQUE INDEX message_place ON message (match, number);

CREATE TABLE measures (             -- numbers and words that the game noted
  match INTEGER NOT NULL REFERENCES match,
  name TEXT NOT NULL,
  noted TEXT NOT NULL,              -- array
  rounds TEXT,                      -- array; NULL: one in each round from the first
  PRIMARY KEY (match, name)
) WITHOUT ROWID;

CREATE TABLE question (             -- what a seat was asked, and how the answer was read: a place without its try
  id INTEGER PRIMARY KEY,
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  n INTEGER NOT NULL,               -- the seat's n-th, from 1
  sample INTEGER NOT NULL,          -- from 1
  round INTEGER NOT NULL,
  decision TEXT NOT NULL,           -- of the game
  question TEXT NOT NULL,           -- of the strategy
  about TEXT,                       -- the seat whose choice is predicted
  added TEXT NOT NULL,              -- what this question added to the text that the seat has seen
  read TEXT NOT NULL,               -- scored, constrained, text
  options TEXT,                     -- list: labels in the order shown
  choice TEXT,                      -- the action read, by its name; NULL: none
  mass REAL,                        -- scored: legal mass
  scores TEXT,                      -- scored: list of probabilities by action, renormalised
  tie INTEGER NOT NULL,             -- 1: an exact tie, drawn
  tries INTEGER NOT NULL,
  why TEXT,                         -- why not read: unreadable, refused, filtered, cut, empty
  cue TEXT                          -- how the answer was made to begin
);
CREATE UNIQUE INDEX question_place ON question (match, seat, n, sample);

CREATE TABLE memory (               -- what a seat that asks remembered (turn.memory) after a decision, where it had changed
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  number INTEGER NOT NULL,          -- of the seat, from 1
  round INTEGER NOT NULL,
  decision TEXT NOT NULL,
  memory TEXT NOT NULL,             -- record or list
  PRIMARY KEY (match, seat, number)
) WITHOUT ROWID;

CREATE TABLE beliefs (              -- what a seat said another would choose; answers to questions whose right answer is known
  match INTEGER NOT NULL REFERENCES match,
  number INTEGER NOT NULL,          -- in the match, from 1
  seat INTEGER NOT NULL,
  n INTEGER NOT NULL,               -- the question
  sample INTEGER NOT NULL,
  round INTEGER NOT NULL,           -- in which it was said
  about INTEGER,                    -- the other's seat; NULL: a question with a right answer, about nobody
  decision TEXT NOT NULL,
  guess TEXT,                       -- what was said; NULL: it could not be read
  truth TEXT,                       -- what the other did, NULL: nothing followed; the right answer
  given REAL,                       -- scored: the probability given to truth; NULL also where a server did not show it
  PRIMARY KEY (match, number)
) WITHOUT ROWID;

CREATE TABLE run (                  -- each time that the study was run and had something to do
  id INTEGER PRIMARY KEY,
  began REAL NOT NULL,              -- seconds since 1970
  ended REAL,                       -- NULL: it was killed, or goes on
  asked INTEGER NOT NULL,           -- requests that were put to models
  answered INTEGER NOT NULL         -- of these, those that came to an end: what is left was in flight when it stopped
);
CREATE TABLE fault (                -- each try of a request that came to nothing
  id INTEGER PRIMARY KEY,
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sample INTEGER NOT NULL,
  try INTEGER NOT NULL,             -- the place of the request
  model TEXT NOT NULL,              -- its identity
  what TEXT NOT NULL,               -- 429 (a status), unreachable, broken, slow, too long, untrusted, no answer in it
  words TEXT NOT NULL
);

CREATE TABLE frozen (               -- each time that the study was frozen (parley freeze) otherwise than before
  id INTEGER PRIMARY KEY,
  at REAL NOT NULL,                 -- seconds since 1970
  hash TEXT NOT NULL,               -- of all: the hash that is printed
  design TEXT NOT NULL,             -- of its parts: the matches planned, the texts of files, the analysis
  files TEXT NOT NULL,
  analysis TEXT NOT NULL,
  texts TEXT NOT NULL               -- record: names of the files to the hashes of their texts
);
CREATE TABLE look (                 -- each time that the declared comparison was seen before its end (parley stats)
  id INTEGER PRIMARY KEY,
  at REAL NOT NULL,                 -- seconds since 1970
  blocks INTEGER NOT NULL,          -- that were over
  analysis TEXT NOT NULL            -- hash of the analysis that it was seen by
);

CREATE TABLE served (               -- what answered, as it names itself, and its build
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,              -- what was asked: its identity
  name TEXT NOT NULL,
  build TEXT NOT NULL,
  UNIQUE (model, name, build)
);
CREATE TABLE answer (               -- what models answered, each once
  id INTEGER PRIMARY KEY,
  request BLOB NOT NULL,            -- SHA-256 of the request
  pure INTEGER NOT NULL,            -- 1: a function of the request: shared by all places that ask the same
  served INTEGER NOT NULL REFERENCES served,
  scores TEXT,                      -- list: the log-probability of each label, in the order of the action set; null: none
  text TEXT,
  failure TEXT,                     -- why there is no answer
  finish TEXT NOT NULL,             -- stop, length, filter, refusal
  thinking TEXT,
  input INTEGER, cached INTEGER, written INTEGER, output INTEGER, reasoning INTEGER,  -- tokens: sent; of these, out of the
                                    -- server's cache and into it; come; of these, thought
  raw TEXT,                         -- the body as it came
  seconds REAL, tries INTEGER       -- outside the promise
);
CREATE INDEX answer_pure ON answer (request) WHERE pure;
CREATE TABLE reply (                -- where they were given
  match INTEGER NOT NULL REFERENCES match,
  seat INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sample INTEGER NOT NULL,
  try INTEGER NOT NULL,             -- 1 to 3
  dropped INTEGER NOT NULL,         -- 0: holds; else the attempt that began without it
  answer INTEGER NOT NULL REFERENCES answer,
  PRIMARY KEY (match, seat, n, sample, try, dropped)
) WITHOUT ROWID;

CREATE VIEW choice_all AS
SELECT m.id AS row, m.number AS match, m.version, (SELECT name FROM study ORDER BY id DESC LIMIT 1) AS study,
  c.name AS condition, r.game, m.block, coalesce(json_extract(k.rounds, '$[' || v.key || ']'), v.key + 1) AS round,
  k.seat, s.name AS seat_name, p.name AS player, k.decision, coalesce(a.name, v.value) AS action,
  CASE WHEN k.done IS NULL THEN coalesce(a.name, v.value)
    ELSE coalesce((SELECT name FROM action d
        WHERE d.action_set = coalesce(k.action_set, json_extract(k.action_sets, '$[' || v.key || ']'))
          AND d.number = json_extract(k.done, '$[' || v.key || ']')),
      json_extract(k.done, '$[' || v.key || ']')) END AS done,
  v.value IS NULL AS missing,
  json_extract(s.payoffs, '$[' || (coalesce(json_extract(k.rounds, '$[' || v.key || ']'), v.key + 1) - 1) || ']') AS payoff
FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN choices k ON k.match = m.id
  JOIN seat s ON s.match = m.id AND s.seat = k.seat
  LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = k.seat
  JOIN json_each(k.actions) v
  LEFT JOIN action a ON a.action_set = coalesce(k.action_set, json_extract(k.action_sets, '$[' || v.key || ']'))
    AND a.number = v.value;
CREATE VIEW choice AS               -- a row for each choice: action is what was meant (NULL: missing), done what was done
SELECT match, study, condition, game, block, round, seat, seat_name, player, decision, action, done, missing, payoff
FROM choice_all WHERE match IS NOT NULL;

CREATE VIEW payoff_all AS
SELECT m.id AS row, m.number AS match, m.version, (SELECT name FROM study ORDER BY id DESC LIMIT 1) AS study,
  c.name AS condition, r.game, m.block, v.key + 1 AS round, s.seat, s.name AS seat_name, p.name AS player,
  v.value AS payoff
FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN seat s ON s.match = m.id
  LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = s.seat JOIN json_each(s.payoffs) v;
CREATE VIEW payoff AS               -- a row for each closed round of each seat
SELECT match, study, condition, game, block, round, seat, seat_name, player, payoff
FROM payoff_all WHERE match IS NOT NULL;

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

CREATE VIEW measure_all AS
SELECT m.id AS row, m.number AS match, m.version, (SELECT name FROM study ORDER BY id DESC LIMIT 1) AS study,
  c.name AS condition, r.game, m.block, coalesce(json_extract(n.rounds, '$[' || v.key || ']'), v.key + 1) AS round, n.name,
  v.value AS value
FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN measures n ON n.match = m.id JOIN json_each(n.noted) v;
CREATE VIEW measure AS              -- a row for each number or word that a game noted in a round
SELECT match, study, condition, game, block, round, name, value FROM measure_all WHERE match IS NOT NULL;
