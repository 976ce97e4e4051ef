-- Abdelnabi et al. 2024 had models negotiate over five issues with secret scores (six parties, 24 turns, a window of 6, GPT-4 and others) and
-- asked how often p1's last deal passes, and what a greedy or an adversarial party among them does. With six cooperative GPT-4 they recorded
-- 32 sessions: any of p1's deals passed in .97 of them, the final one in .69, and all agreed to it in .06; of all deals .005 were below their
-- proposer's own minimum. These figures are by the strict rule: who agrees has more than its minimum (`above`). A greedy or adversarial
-- party made the final deal fail more often.
-- Of the model in the box nothing is to be expected: it hardly ever names a deal, so that `final` falls back on the opening, which fails.
--
-- Here on our small folder, with fewer turns, and all that was said stays in sight. A published folder is read as it is; its protocol has to be
-- said: the opening, 24 turns and the final deal are 26 rounds for six parties, of which the last 6 things said are shown (seven parties: 30
-- rounds, a window of 7), the strict rule, and nobody's incentive replaced:
--   parley run scripts/negotiation.lua --data PATH --set rounds=26 --set window=6 --set above=true --set incentives={} --model M
--   parley solve negotiation --data PATH                     which deals there are to find
--   parley stats negotiation.db --value final --group incentives --where seat=Organisers
--   parley stats negotiation.db --value untagged --group incentives
-- `models` turns the MODEL column of the folder into models: { ["gpt-4-low"] = "openai:gpt-4o" }; what it does not name plays with the study's.
local models = {}

study {
  about   = "Do more deals fail where one party is greedy, or works against a deal?",
  source  = "Abdelnabi et al. 2024, arXiv:2309.17234",
  game    = "negotiation",
  data    = "../games/negotiation",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  vary    = { incentives = { cooperative = {}, greedy = { ["Park office"] = "greedy" }, adversary = { Caterers = "untargeted_adv" } } },
  players = function()
    local entries = {}
    for line in read("config.txt"):gsub("^\239\187\191", ""):gmatch("[^\r\n]+") do -- without a byte order mark
      local party, model = line:match("^%s*([^,]-)%s*,.*,%s*([^,]-)%s*$")
      if party then entries[#entries + 1] = { strategy = "secret_scratchpad", name = party, model = models[model], sampling = { max_tokens = 300 } } end
    end
    return entries
  end,
  measures = {
    -- How often a party forgot the tags, so that all it thought was public.
    untagged = function(match)
      local times = {}
      for seat in pairs(match.totals) do times[seat] = (match.memory[seat] or {}).untagged or 0 end
      return times
    end,
  },
}
