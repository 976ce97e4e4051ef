-- A prisoner's dilemma after both were asked whether they sign a contract. It holds in a round if both sign: then each who defects pays a
-- fine, which nobody gets. With a fine above what temptation and punishment bring, cooperation is best once it holds.
-- By hand: both sign and cooperate, 10 rounds: 80 and 80. Both sign, seat 1 defects, fine 6: 4 and 0. One signs, seat 1 defects: 10 and 0.
-- By hand, fine 6: once both have signed 8 is better than 10 - 6, and 0 than 5 - 6: cooperation is best; fine 1: it is not.
local actions = { "cooperate", "defect" }

-- What seats 1 and 2 are paid for what they do.
local function paid(set, holds, mine, theirs)
  local pays = {
    cooperate = { cooperate = set.reward, defect = set.sucker },
    defect    = { cooperate = set.temptation, defect = set.punishment },
  }
  local function net(own, other) return pays[own][other] - (holds and own == "defect" and set.fine or 0) end
  return { net(mine, theirs), net(theirs, mine) }
end

game {
  about    = "Prisoner's dilemma with a contract",
  source   = "Christoffersen, Haupt and Hadfield-Menell 2023, arXiv:2208.10469",
  players  = { "row", "column" },
  rounds   = 10,
  settings = { fine = 6, reward = 8, sucker = 0, temptation = 10, punishment = 5 },
  play = function(match, players)
    for _ in match:each_round() do
      local signs = players:choose { "contract", { "sign", "refuse" } }
      local holds = count(signs, "sign") == #players
      local done  = players:choose { "action", actions, holds = holds }
      players:pay(paid(match.settings, holds, done[1], done[2]))
      match:note { holds = holds, cooperation = count(done, "cooperate") / #players }
    end
  end,
  solve = function(set)
    local function own(holds)
      return map(actions, function(mine)
        return { mine, paid(set, holds, mine, "cooperate")[1], paid(set, holds, mine, "defect")[1] }
      end)
    end
    return {
      { "cooperation is best once it holds if the fine is above", math.max(set.temptation - set.reward, set.punishment - set.sucker) },
      { "paid without a contract", columns = { "own", "other cooperates", "other defects" }, rows = own(false) },
      { "paid once it holds", columns = { "own", "other cooperates", "other defects" }, rows = own(true) },
    }
  end,
}
