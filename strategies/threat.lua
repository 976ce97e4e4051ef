-- A question of `parley code --with threat`: what is asked stands in ../prompts/threat.txt, what may be answered, and what a coder is
-- shown beside the message (`deeds`, `secrets`), in the settings.
strategy {
  about    = "Codes whether a message threatens",
  settings = { answers = { "threat", "none" }, shown = {} },
  act = function(turn) return turn:ask { "threat", turn.actions } end,
}
