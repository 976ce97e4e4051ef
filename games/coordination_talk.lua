-- A battle of the sexes with talk before the choices: A would rather meet at F, B at S. Talk binds nobody.
-- `talk`: "heard", or "none"; or one of two controls. "thought": as many questions, but nobody else reads the answers.
-- "shuffled": of a message the other is shown its words in an order that is drawn. `speakers`: "both", "A" or "B"; `turns`: how
-- often each of them speaks before each choice. A message proposes an option if it names that one alone. Measures: whether they
-- met, and where; whether all last messages propose the same (`agreed`: of what is only thought, by chance), and then whether both
-- did it (`kept`); of those whose last message proposes something the share who did it (`as_said`).
-- By hand: "F it is." and "I say S." against the same, then F and F: 8 and 5, met, not agreed, half as said.
-- By hand: both last say F, both choose F: 8 and 5, agreed and kept. A then chooses S: 0 and 0, agreed and not kept, half as said.
-- By hand: always_first against alternate, 4 rounds: two meetings at F: 16 and 10. always_second twice, 4 rounds: 20 and 32.
local options = { "F", "S" }

local function out_of_order(text)
  local found = {}
  for word in text:gmatch("%S+") do found[#found + 1] = word end
  return table.concat(shuffled(found), " ")
end

local ways = { -- of one message: gives what was written
  none  = false,
  heard = function(speaker, number) return speaker:choose { "talk", words(50), number = number, missing = "" } end,
  shuffled = function(speaker, number)
    local text = speaker:choose { "talk", words(50), number = number, missing = "", seen_by = {} }
    speaker.other:tell { "talk", out_of_order(text), by = speaker }
    return text
  end,
  thought = function(speaker, number) return speaker:choose { "think", words(50), number = number, missing = "", seen_by = {} } end,
}

local function proposal(text)
  local named = mentions(text, options)
  return #named == 1 and named[1] or "none"
end

game {
  about    = "Coordination after talk",
  source   = "Cooper, DeJong, Forsythe and Ross 1989, RAND Journal of Economics 20, 568-587",
  players  = { "A", "B" },
  settings = { talk = "heard", speakers = "both", turns = 3, favourite = 8, less = 5, apart = 0 },
  actions  = options,
  play = function(match, players)
    local set, write = match.settings, ways[match.settings.talk]
    if write == nil then error("talk is 'heard', 'none', 'thought' or 'shuffled', not '" .. set.talk .. "'") end
    local speakers = filter(players, function(p) return write and (set.speakers == "both" or set.speakers == p.name) end)
    if write and #speakers == 0 then error("speakers is 'both', 'A' or 'B', not '" .. set.speakers .. "'") end
    if set.talk == "heard" or set.talk == "shuffled" then
      for _, p in ipairs(players) do
        p:tell { #speakers == 2 and "both_write" or speakers[1] == p and "you_write" or "other_writes" }
      end
      if set.talk == "shuffled" then players:tell "shuffled" end
    end
    for _ in match:each_round() do
      local last = {}
      for number = 1, set.turns do
        for _, speaker in ipairs(speakers) do last[speaker] = write(speaker, number) end
      end
      local action = players:choose { "action", options }
      local met = action.A == action.B
      if not met then players:pay(set.apart)
      elseif action.A == "F" then players:pay { set.favourite, set.less }
      else players:pay { set.less, set.favourite } end
      match:note { met = met, met_at_F = met and action.A == "F", met_at_S = met and action.A == "S" }
      if #speakers > 0 and set.turns > 0 then
        local proposed = map(speakers, function(p) return proposal(last[p]) end)
        local agreed = proposed[1] ~= "none" and proposed[1] == proposed[#proposed]
        match:note { agreed = agreed }
        if agreed then match:note { kept = met and action.A == proposed[1] } end
        local proposers = filter(speakers, function(_, i) return proposed[i] ~= "none" end)
        if #proposers > 0 then
          match:note { as_said = count(speakers, function(p, i) return proposed[i] == action[p] end) / #proposers }
        end
      end
    end
  end,
}
