-- Codes as `lie` does, by a rule: a message that names exactly one of the options which its speaker had says that it will take it.
-- Names as `mentions` has it: "I won't take the opera" names none. Its word is kept or broken by what the speaker chose, whatever came of it.
-- Where the next decision has no options in words, or none was taken, nothing can be said.
strategy {
  about    = "Codes by a rule: the message names one option, and another was taken",
  settings = { answers = { "lie", "true", "none" }, shown = { "deeds" } },
  act = function(turn)
    local did  = turn.facts.did[1]
    local said = did and #did.options > 0 and mentions(turn.facts.text, did.options) or {}
    return #said == 1 and (said[1] == did.choice and "true" or "lie") or "none"
  end,
}
