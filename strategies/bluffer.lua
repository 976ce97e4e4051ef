-- For a game of three cards in which one first checks or bets (`open`) and then folds or calls (`answer`), told its card and whether it
-- moves `first`. `odds`: the bet by what lies in the pot with it, 1/3 where it is as much as the ante; then `alpha`, how often it bets the
-- lowest card when it moves first, may be anything from 0 to `odds`. Of a smaller bet it is `odds`, of a larger one 0.
strategy {
  about    = "Bets the highest card, bluffs with the lowest and calls with the middle one, as often as leaves the other nothing to gain",
  source   = "Kuhn 1950, doi:10.1515/9781400881727-010",
  settings = { alpha = 1 / 6, odds = 1 / 3 },
  act = function(turn)
    if not turn.facts.card then error("bluffer needs a card, and for '" .. turn.decision .. "' was told of none", 0) end
    local first, alpha, odds = turn.facts.first, turn.settings.alpha, turn.settings.odds
    local chances = turn.decision == "open" and { first and alpha or odds, 0, first and alpha / odds or 1 }
      or { 0, 1 - 2 * odds + (first and alpha or 0), 1 }
    return turn.actions[math.random() < chances[turn.facts.card] and 2 or 1]
  end,
}
