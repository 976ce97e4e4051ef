-- A message of another study, and the code that it is given. `parley code` plays this, a match for each message and coder: it takes
-- the messages out of that study's file. coding/sample.json shows what is known of one: who said what to whom in which round, what was
-- said before it (the last six things), what the speaker did after it (`deeds`: chosen, whatever came of it), and what it had been told
-- and not all who heard the message (`secrets`).
-- By hand: nothing is paid for a code: 0.
game {
  about    = "Coding of what was said",
  source   = "Krippendorff 2019, Content Analysis, doi:10.4135/9781071878781",
  players  = { "coder" },
  settings = { item = "sample", codes = { "yes", "no" }, deeds = false, secrets = false },
  play = function(match, players)
    local set  = match.settings
    local item = read("coding/" .. set.item .. ".json")
    for _ in match:each_round() do
      players.coder:choose { "code", set.codes, seen_by = {}, speaker = item.speaker, to = item.to, text = item.text,
        said_before = item.before, did = set.deeds and item.deeds or {}, knew = set.secrets and item.secrets or {} }
      players.coder:pay(0)
    end
  end,
  columns = function(set) return read("coding/" .. set.item .. ".json").columns end,
}
