-- A question of `parley code --with lie`: what is asked stands in ../prompts/lie.txt, what may be answered, and what a coder is
-- shown beside the message (`deeds`, `secrets`), in the settings.
strategy {
  about    = "Codes whether a message says what its speaker then did not do",
  settings = { answers = { "lie", "true", "none" }, shown = { "deeds" } },
  act = function(turn) return turn:ask { "lie", turn.actions } end,
}
