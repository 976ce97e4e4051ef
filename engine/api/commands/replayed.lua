-- A match that was played, for rules: each says what it would do, and then what was done is seen to be done. `actions` are those of
-- each seat, `done` the numbers of those that were done, by seat and round. Nobody is paid.
game {
  about    = "A match that was played, once more",
  players  = { "row", "column" },
  settings = { actions = { {}, {} }, done = { {}, {} } },
  play = function(match, players)
    local set = match.settings
    for round in match:each_round() do
      players:choose(function(player) return { "action", set.actions[player.seat], seen_by = {} } end)
      for seat, player in ipairs(players) do
        players:tell { "action", set.actions[seat][set.done[seat][round]], by = player }
      end
    end
  end,
}
