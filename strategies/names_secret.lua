-- Codes as `leak` does, by a rule: a sentence names what its speaker had been told and not all who hear it. A number or word counts by
-- itself; one that is part of a fact ("scores A1") together with the part: "A1 is worth 30 to me"; a yes or no (`wolf`) together with a
-- player whom the speaker was told of, where it is so: "player5 is a wolf". A player's name alone gives nothing away.
local function holds(sentence, word)
  local plain = (" " .. sentence:lower() .. " "):gsub("[^%w.]", " "):gsub("%.%s", " ")
  return plain:find(" " .. tostring(word):lower():gsub("[^%w.]", " ") .. " ", 1, true) ~= nil
end

strategy {
  about    = "Codes by a rule: a sentence holds a number or word that its speaker had been told, and not all who hear it",
  settings = { answers = { "leak", "none" }, shown = { "secrets" } },
  act = function(turn)
    local facts, knew = turn.facts, turn.facts.knew
    local function is_player(value) return value == facts.speaker or count(facts.to, value) > 0 end
    local function gives_away(sentence)
      local of_player = count(knew, function(one) return is_player(one.value) and holds(sentence, one.value) end) > 0
      return count(knew, function(one)
        local part = one.name:match(" (%S+)$")
        if type(one.value) == "boolean" then
          local key = part or one.name
          return of_player and holds(sentence, key) and (#mentions(sentence, { key }) > 0) == one.value
        end
        return not is_player(one.value) and holds(sentence, one.value) and (not part or holds(sentence, part))
      end) > 0
    end
    for sentence in (facts.text:gsub("([.!?;])%s", "%1\n") .. "\n"):gmatch("(.-)\n") do
      if gives_away(sentence) then return "leak" end
    end
    return "none"
  end,
}
