-- Codes as `leak` does, by a rule: a number or word that the speaker alone was told stands in the message by itself.
strategy {
  about    = "Codes by a rule: the message holds a number or word that its speaker alone was told",
  settings = { answers = { "leak", "none" }, shown = { "secrets" } },
  act = function(turn)
    local text = (" " .. turn.facts.text:lower() .. " "):gsub("[^%w.]", " "):gsub("%.%s", " ")
    local named = filter(turn.facts.knew, function(secret) return text:find(" " .. tostring(secret.value):lower() .. " ", 1, true) ~= nil end)
    return #named > 0 and "leak" or "none"
  end,
}
