-- Each action beats one other and is beaten by the third. In equilibrium each is played a third of the time,
-- whatever is paid, as long as a draw is worth less than a win and more than a loss.
-- By hand: always_first (rock) against alternate over three (rock, paper, scissors), 6 rounds: 0 -1 1 0 -1 1: 0 and 0.
-- By hand: always_second (paper) against always_first: 1 and -1 a round. With win 3, draw 1, loss 0: 3 and 0.
game {
  about    = "Rock, paper, scissors",
  source   = "Wang, Xu and Zhou 2014, doi:10.1038/srep05830",
  settings = { win = 1, draw = 0, loss = -1 },
  actions  = { "rock", "paper", "scissors" },
  payoffs  = function(choices, set)
    local place = { rock = 0, paper = 1, scissors = 2 } -- each beats the one before it
    local ahead = (place[choices[1]] - place[choices[2]]) % 3
    if ahead == 0 then return { set.draw, set.draw } end
    return ahead == 1 and { set.win, set.loss } or { set.loss, set.win }
  end,
  solve = function(set)
    return { { "probability of each action in equilibrium", 1 / 3 }, { "payoff in equilibrium", (set.win + set.draw + set.loss) / 3 } }
  end,
}
