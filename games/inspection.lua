-- A worker who works has the trouble of it; one who shirks loses the wage, but only if inspected; inspecting costs.
-- The two seats have different actions. In the mixed equilibrium the inspector inspects with effort / wage (.5), the
-- worker shirks with cost / wage (.4).
-- Payoffs by hand: trust work 10 5, trust shirk -10 10, inspect work 6 5, inspect shirk -4 0.
-- By hand: always_first against always_second, 10 rounds: -100 and 100.
-- By hand: always_second against alternate, 10 rounds: five times 6 5, five times -4 0: 10 and 25.
game {
  about    = "Inspection game",
  source   = "Fudenberg and Tirole 1991, Game Theory, chapter 1",
  players  = { "inspector", "worker" },
  settings = { output = 20, wage = 10, effort = 5, cost = 4 },
  actions  = { { "trust", "inspect" }, { "work", "shirk" } },
  payoffs  = function(choices, set)
    local cost = choices.inspector == "inspect" and set.cost or 0
    if choices.worker == "work" then return { set.output - set.wage - cost, set.wage - set.effort } end
    local wage = choices.inspector == "inspect" and 0 or set.wage
    return { 0 - wage - cost, wage }
  end,
}
