-- Does it know the game by its published name? Asked before the first choice and unseen by it; the choice is asked for as `direct`
-- asks. A study says what the right answer is and what it may be taken for.
strategy {
  about    = "Which known game is this? Then the choice",
  settings = { known_as = "", among = {} },
  act = function(turn)
    local set = turn.settings
    assert(set.known_as ~= "", "recognise needs known_as, the game's name, and among, the names to choose from")
    if turn.round == 1 then turn:ask { "recognise", set.among, right = set.known_as, fresh = true } end
    return turn:ask { "choose", turn.actions }
  end,
}
