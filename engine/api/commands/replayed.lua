-- A match that was played, for rules to follow (Match::follow): who has which actions.
game {
  about    = "A match that was played, once more",
  players  = { "row", "column" },
  settings = { actions = { {}, {} } },
  actions  = function(settings) return settings.actions end,
  play     = function() end,
}
