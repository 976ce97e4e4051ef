-- A battle of the sexes with talk before the choices: A would rather meet at F, B at S. Talk binds nobody.
-- `talk`: "heard", or "none"; or one of two controls. "thought": as many questions, but nobody else reads the answers.
-- "shuffled": the other is shown a message's words in an order that is drawn. `speakers`: "both", "A" or "B"; `turns`: messages
-- of each speaker before each choice; `length`: their most words. A message proposes an option if it names that one alone.
-- Measures: whether they met, and where; whether all last messages propose the same (`agreed`; where nobody reads them, by
-- chance), and then whether both did it (`kept`); of the last messages that propose something, the share that was done (`as_said`).
-- By hand: "F it is." and "I say S.", then F and F: 8 and 5, met, not agreed, half as said.
-- By hand: both last say F and choose F: 8 and 5, agreed and kept. If A chooses S: 0 and 0, agreed and not kept, half as said.
-- By hand: always_first against alternate, 4 rounds: two meetings at F: 16 and 10. always_second twice, 4 rounds: 20 and 32.
local options = { "F", "S" }

local function out_of_order(text)
  local found = {}
  for word in text:gmatch("%S+") do found[#found + 1] = word end
  return table.concat(shuffled(found), " ")
end

local function write(speaker, talk, length, number)
  local text = speaker:choose { "talk", words(length), number = number, missing = "", seen_by = talk ~= "heard" and {} or nil }
  if talk == "shuffled" then speaker.other:tell { "talk", out_of_order(text), by = speaker } end
  return text
end

local function proposal(text)
  local named = mentions(text, options)
  return #named == 1 and named[1] or "none"
end

game {
  about    = "Coordination after talk",
  source   = "Cooper, DeJong, Forsythe and Ross 1989, RAND Journal of Economics 20, 568-587",
  players  = { "A", "B" },
  settings = { talk = "heard", speakers = "both", turns = 3, length = 50, favourite = 8, less = 5, apart = 0 },
  allowed  = { talk = { "heard", "thought", "shuffled", "none" }, speakers = { "both", "A", "B" }, turns = range(1, 100), length = range(1, 10000) },
  actions  = options,
  play = function(match, players)
    local set = match.settings
    local speakers = filter(players, function(p) return set.talk ~= "none" and (set.speakers == "both" or set.speakers == p.name) end)
    for _, p in ipairs(set.talk == "thought" and speakers or #speakers > 0 and players or {}) do
      p:tell { "talking", private = set.talk == "thought", shuffled = set.talk == "shuffled",
        i_write = count(speakers, p) == 1, other_writes = count(speakers, p.other) == 1 }
    end
    for _ in match:each_round() do
      local last = {}
      for number = 1, set.turns do
        for _, speaker in ipairs(speakers) do last[speaker] = write(speaker, set.talk, set.length, number) end
      end
      local action = players:choose { "action", options }
      local met = action.A == action.B
      if not met then players:pay(set.apart)
      else players:pay(action.A == "F" and { set.favourite, set.less } or { set.less, set.favourite }) end
      match:note { met = met, met_at_F = met and action.A == "F", met_at_S = met and action.A == "S" }
      if #speakers > 0 then
        local proposed  = map(speakers, function(p) return proposal(last[p]) end)
        local proposers = filter(speakers, function(_, i) return proposed[i] ~= "none" end)
        local kept      = count(speakers, function(p, i) return proposed[i] == action[p] end)
        local agreed    = #proposers == #speakers and count(proposed, proposed[1]) == #speakers
        match:note { agreed = agreed }
        if agreed then match:note { kept = met and kept > 0 } end
        if #proposers > 0 then match:note { as_said = kept / #proposers } end
      end
    end
  end,
}
