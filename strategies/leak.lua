-- A question of `parley code --with leak`: what is asked stands in ../prompts/leak.txt, what may be answered, and what a coder is
-- shown beside the message (`deeds`, `secrets`), in the settings.
strategy {
  about    = "Codes whether a message gives away what its speaker had been told, and not all who hear it",
  settings = { answers = { "leak", "none" }, shown = { "secrets" } },
  act = function(turn) return turn:ask { "leak", turn.actions } end,
}
