-- Werewolf among six: a model is the wolf, or one of the villagers, among rule-based players who say whom they suspect and believe whom
-- most accuse; with talk and without. 2 x 2 conditions, 4 blocks: 16 matches.
-- Xu et al. (2023, arXiv:2309.04658) had seven copies of one hosted model play it with more roles and with notes of what was said, and
-- report who wins and that behaviour came up that nobody had told it: trust, confrontation, camouflage, leadership. Braverman, Etesami
-- and Mossel (2008, doi:10.1214/07-AAP456) prove how many wolves make it fair: about the root of the number of players without a seer, a
-- fixed share of them with one.
-- Of a model as small as the one in the box expect nothing: what it says accuses somebody by accident, and a speech that does not come to
-- an end counts as missing. What to read is whether talk helps the villagers at all, against the same votes without it.
--   parley stats hidden_roles.db --group talk --value villagers_won --where player=direct
--   parley stats hidden_roles.db --group part --value against_wolves --where player=direct
study {
  about   = "Does talk help to find the wolf?",
  game    = "werewolf",
  model   = "llama:smollm2",
  repeats = 4,
  read    = "scored",
  decide  = "sample",
  format  = "chat",
  vary = {
    talk = { true, false },
    part = {
      wolf     = { roles = { "wolf", "seer", "villager", "villager", "villager", "villager" } },
      villager = { roles = { "villager", "wolf", "seer", "villager", "villager", "villager" } },
    },
  },
  players = { { strategy = "direct", sampling = { temperature = .7, max_tokens = 60 } }, { strategy = "accuser", times = 5 } },
}
