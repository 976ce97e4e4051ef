-- Codes as `lie` does, by a rule: a message that names exactly one of the options which its speaker had says that it will take it.
-- Where the next decision has no options in words, or none was taken, nothing can be said.
local function named(text, options)
  local found = filter(options, function(option) return (" " .. text:lower():gsub("[^%w]", " ") .. " "):find(" " .. option:lower() .. " ", 1, true) ~= nil end)
  return #found == 1 and found[1]
end

strategy {
  about    = "Codes by a rule: the message names one option, and another was taken",
  settings = { answers = { "lie", "true", "none" }, shown = { "deeds" } },
  act = function(turn)
    local did = turn.facts.did[1]
    local said = did and named(turn.facts.text, did.options)
    return said and (said == did.choice and "true" or "lie") or "none"
  end,
}
