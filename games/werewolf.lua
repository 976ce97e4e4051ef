-- Wolves among villagers, one of whom may be a seer. At night the wolves, who know each other, each choose a victim (the one that most
-- choose is out; of several one is drawn), and the seer learns of one player whether it is a wolf. By day all who are left speak in turn,
-- then vote at once: who has most votes is out, and nobody if several have. All learn what it was; it sees on and is asked nothing more.
-- Villagers win when no wolf is left, wolves when they are as many as the others. A round is a night and a day.
-- `roles` fixes them seat by seat: roles = { "wolf", "seer", "villager", "villager", "villager" }; else they are drawn.
-- By hand, these roles: 1 kills 5, 2 looks at 1; 2, 3 and 4 vote for 1: villagers win in round 1: 0 1 1 1 1, all their votes against wolves.
-- By hand, no seer, 4 players, wolf 1 kills 4 and votes for 2, as does 3; 2 votes for 1: wolves win in round 1: 1 0 0 0, half the votes.
-- By hand, no seer, 5 players: wolf 1 kills 5; 1 and 2 vote for each other, and so do 3 and 4: nobody is out. It kills 4; 2 and 3 vote
-- for it: villagers win in round 2: 0 1 1 1 1, a third of the votes and then all.
-- By hand, no seer, no talk, 4 players, everything drawn: three are left, and villagers win if both vote for the wolf: 1/4.
local function is_wolf(player) return player.role == "wolf" end

game {
  about    = "Werewolf",
  source   = "Braverman, Etesami and Mossel 2008, doi:10.1214/07-AAP456",
  players  = range(4, 20),
  rounds   = 20,
  settings = { wolves = 1, seer = true, roles = {}, talk = true, length = 50, prize = 1 },
  play = function(match, players)
    local set   = match.settings
    local roles = shuffled(map(players, function(_, i)
      return i <= set.wolves and "wolf" or i == set.wolves + 1 and set.seer and "seer" or "villager"
    end))
    if #set.roles > 0 then roles = set.roles end
    if set.wolves < 1 or 2 * set.wolves >= #players then error("wolves are 1 or more, and fewer than the others") end
    local seers = set.seer and 1 or 0
    if #roles ~= #players or count(roles, "wolf") ~= set.wolves or count(roles, "seer") ~= seers
      or count(roles, "villager") ~= #players - set.wolves - seers then
      error("roles are one for each player, with the wolves and the seer that the settings say, all others villagers")
    end

    for i, player in ipairs(players) do player.role, player.left, player.known = roles[i], true, {} end
    local wolves = filter(players, is_wolf)
    local function left(role) return filter(players, function(p) return p.left and (not role or p.role == role) end) end
    local function out(player, when)
      if player then player.left = false end
      players:tell { when, gone = player or false, was = player and player.role or false, still = left() }
    end
    local function winner()
      local pack = #left("wolf")
      return pack == 0 and "villagers" or 2 * pack >= #left() and "wolves"
    end

    local function night()
      local pack, seer = left("wolf"), left("seer")[1]
      local prey = filter(left(), function(p) return not is_wolf(p) end)
      if set.talk and #pack > 1 then
        for _, wolf in ipairs(pack) do wolf:choose { "whisper", words(set.length), missing = "", seen_by = wolves } end
      end
      local unknown = seer and filter(left(), function(p) return p ~= seer and not seer.known[p] end) or {}
      local chosen = left():choose(function(p)
        if is_wolf(p) then return { "victim", prey, seen_by = wolves } end
        if p == seer and #unknown > 0 then return { "look", unknown, seen_by = {} } end
      end)
      local seen = seer and chosen[seer]
      if seen then
        seer.known[seen] = true
        seer:tell { "vision", seen = seen, wolf = is_wolf(seen) }
      end
      out(pick(commonest(map(pack, function(wolf) return chosen[wolf] end))), "dawn")
    end

    local function day()
      if set.talk then
        for _, player in ipairs(shuffled(left())) do player:choose { "talk", words(set.length), missing = "" } end
      end
      local voters = left()
      local votes  = voters:choose(function(p) return { "vote", filter(voters, function(q) return q ~= p end) } end)
      local most   = commonest(votes)
      local others = filter(voters, function(p) return not is_wolf(p) end)
      match:note { against_wolves = count(others, function(p) return is_wolf(votes[p]) end) / #others }
      out(#most == 1 and most[1], "dusk")
    end

    for _, player in ipairs(players) do
      local pack = is_wolf(player) and filter(wolves, function(p) return p ~= player end) or nil
      player:tell { player.role, pack = pack }
    end
    for round in match:each_round() do
      night()
      if not winner() then day() end
      if winner() then
        players:pay(map(players, function(p) return is_wolf(p) == (winner() == "wolves") and set.prize or 0 end))
        match:note { villagers_won = winner() == "villagers", lasted = round }
        return
      end
    end
  end,
}
