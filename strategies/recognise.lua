-- Does it know the game by its published name? Asked before the first choice and unseen by it; the choice is asked for as `direct`
-- asks. A study says what is right: known_as = "prisoner's dilemma".
strategy {
  about    = "Which known game is this? Then the choice",
  settings = {
    known_as = "none of these",
    among    = { "prisoner's dilemma", "battle of the sexes", "chicken", "stag hunt", "matching pennies", "none of these" },
  },
  act = function(turn)
    if turn.round == 1 then
      turn:ask { "recognise", turn.settings.among, right = turn.settings.known_as, by_thing = false, fresh = true }
    end
    return turn:ask { "choose", turn.actions, by_thing = true }
  end,
}
