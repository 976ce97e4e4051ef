-- A question of `parley code --with promise`: what is asked stands in ../prompts/promise.txt, what may be answered, and what a coder is
-- shown beside the message (`deeds`, `secrets`), in the settings.
strategy {
  about    = "Codes whether a message says what its speaker will do",
  settings = { answers = { "promise", "none" }, shown = {} },
  act = function(turn) return turn:ask { "promise", turn.actions } end,
}
