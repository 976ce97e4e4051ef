-- The 144 games of two players with two actions each in which nobody is paid the same in two outcomes (payoffs 1 to 4), in the order
-- of Robinson and Goforth's table: number = 12 * (row - 1) + column. A row is a pattern of the first seat's payoffs, a column one of
-- the second's. `title` picks a game by its name in place of its number, where one game alone has it. number = 0: none said, which is
-- that of the title, and without one the first. Which game is played is the column `number`.
-- Payoffs by hand: first first 3 4, first second 2 3, second first 4 2, second second 1 1.
-- By hand: always_second against always_first, 10 rounds: 40 and 20.
-- By hand: tit_for_tat against alternate, 4 rounds: 3 2 4 2 and 4 3 2 3: 11 and 12.
local first  = { "3241", "2341", "1342", "1243", "2143", "3142", "4132", "4123", "4213", "4312", "4321", "4231" }
local second = { "4321", "4231", "4132", "4123", "4213", "4312", "3412", "2413", "1423", "1432", "2431", "3421" }
local family = { 
  "UBBCCCUUUBBU", "UBBCCCBBBBBB", "UBBCCCBBBBBB", "UBBSSTTSSBBU", "UBBSSTTSSBBU", "UBBPPPPTTBBU",
  "WWWWWWPTTCCC", "WWWWWWPSSCCC", "WWWWWWPSSCCC", "WWWWWWBBBBBB", "WWWWWWBBBBBB", "WWWWWWUUUUUU"
 }
local slips  = { ["2341"] = "3341", ["1432"] = "1433", ["2431"] = "2433", ["3421"] = "3422" }
local words  = { W = "win-win", B = "biased", U = "unfair", C = "cyclic", S = "second-best", P = "prisoner's dilemma", T = "tragic" }
local titles = {
  "Hegemony", "Samaritan Dilemma", "Quasi Altruist", "Biased Cycle", "Inferior Cycle", "Endless",
  "Called Bluff", "Bully", "Unfair Type", "Skewed Battle", "Asym Battle", "Chicken",
  "Samson", "Generous", "Generous", "Quasi Cycle", "Tragic Cycle", "Inspector",
  "Patron", "Protector", "Protector", "Quasi Battle", "Battle", "Asym Battle",
  "Delilah", "Generous", "Generous", "Pursuit Cycle", "Fixed Sum", "Missile Crisis",
  "Patron", "Protector", "Protector", "Hero", "Quasi Battle", "Skewed Battle",
  "Hostage", "Benevolent", "Subsym Benevolent", "Second Best", "Second Best", "Big Bully",
  "Tragedy", "Asym Delight", "Pure Delight", "Protector", "Protector", "Unfair Type",
  "Blackmail Type", "Benevolent Type", "Benevolent", "Second Best", "Second Best", "Hamlet",
  "Total Conflict", "Deadlock", "Asym Delight", "Protector", "Protector", "Bully",
  "Hegemony Type", "Altruist Type", "Altruist", "Revelation", "Alibi", "Asym Prisoner's Dilemma",
  "Prisoner's Dilemma", "Total Conflict", "Tragedy", "Patron", "Patron", "Called Bluff",
  "Low Conflict", "Aligned", "Pure Aligned", "Asym Coordination", "Asym Assurance", "Stag Hunt",
  "Asym Prisoner's Dilemma", "Hamlet", "Big Bully", "Missile Crisis", "Inspector", "Endless",
  "Mutual", "Privileged", "Privileged", "Pure Coordination", "Assurance", "Asym Assurance",
  "Alibi", "Second Best", "Second Best", "Fixed Sum", "Tragic Cycle", "Inferior Cycle",
  "Mutual", "Privileged", "Privileged", "Coordination", "Pure Coordination", "Asym Coordination",
  "Revelation", "Second Best", "Second Best", "Pursuit Cycle", "Quasi Cycle", "Biased Cycle",
  "Aligned", "Asym Harmony", "Mixed Harmony", "Privileged", "Privileged", "Pure Aligned",
  "Altruist", "Benevolent", "Subsym Benevolent", "Generous", "Generous", "Quasi Altruist",
  "Pure Aligned", "Harmony", "Asym Harmony", "Privileged", "Privileged", "Aligned",
  "Altruist Type", "Benevolent Type", "Benevolent", "Generous", "Generous", "Samaritan Dilemma",
  "No Conflict", "Pure Aligned", "Aligned", "Mutual", "Mutual", "Low Conflict",
  "Hegemony Type", "Blackmail Type", "Hostage", "Delilah", "Samson", "Hegemony",
}

local function chosen(set)
  local number, title = set.number, set.title
  if number < 0 or number > 144 or number % 1 ~= 0 then error("number is a whole number from 1 to 144") end
  if title == "" then return math.max(number, 1) end
  local found = {}
  for n, of in ipairs(titles) do
    if of == title then found[#found + 1] = n end
  end
  if #found == 0 then error(("no game has the title '%s'"):format(title)) end
  if number > 0 and titles[number] ~= title then
    error(("number %d is '%s', and the title '%s' is that of number %s: say one of the two"):format(number, titles[number], title,
      table.concat(found, ", ")))
  end
  if number > 0 then return number end
  if #found == 1 then return found[1] end
  error(("several games have the title '%s': number = %s"):format(title, table.concat(found, ", ")))
end

local function place(set)
  local number = chosen(set)
  return math.ceil(number / 12), (number - 1) % 12 + 1
end

-- Of the first seat in games 17 to 24, of the second in 58 to 60, 83, 84, 95 and 96.
local function patterns(set, row, column)
  local mine, theirs = first[row], second[column]
  if set.published and row == 2 and column >= 5 then mine = slips[mine] end
  if set.published and (row == 5 and column >= 10 or (row == 7 or row == 8) and column >= 11) then theirs = slips[theirs] end
  return mine, theirs
end

game {
  about    = "One of the 144 strict-ordinal 2x2 games",
  source   = "Robinson and Goforth 2005, The Topology of the 2x2 Games; families as in doi:10.1038/s41562-025-02172-y",
  settings = { number = 0, title = "", published = false },
  actions  = { "first", "second" },
  payoffs  = function(choices, set)
    local row, column = place(set)
    local mine, theirs = patterns(set, row, column)
    local at = (choices[1] == "first" and 0 or 2) + (choices[2] == "first" and 1 or 2)
    return { tonumber(mine:sub(at, at)), tonumber(theirs:sub(at, at)) }
  end,
  columns  = function(set)
    local row, column = place(set)
    return { family = words[family[row]:sub(column, column)], number = chosen(set), title = titles[chosen(set)] }
  end,
}
