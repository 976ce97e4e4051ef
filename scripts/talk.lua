-- Does talk raise coordination over no talk, and is what comes of it fair (turns taken), unfair or nothing? Two players who would
-- rather meet at different places (8 and 5 points, or 5 and 8) write to each other in turn and then choose.
-- Cooper, DeJong, Forsythe and Ross (1989, RAND Journal of Economics 20, 568-587) had people play such a game: talk raised
-- coordination, and most where only one of the two could speak. Of a small base model at temperature .7 it is known that its talk
-- degenerates and that the choice it writes is often no option at all: so choices are scored here, and a message that is no answer
-- is counted as missing. Nothing else is to be expected of the model in the box.
-- The controls say whether it is the talk that does it: "thought" has as many questions, whose answers nobody else reads;
-- "shuffled" has the other's words, but not what they say.
-- 6 conditions x 2 blocks: 12 matches of 3 rounds.
--   parley stats talk.db --value met --group way --where seat=A          (also: met_at_F, agreed, kept, as_said)
--   parley stats talk.db --value alternation --group way --where seat=A  (turns taken)
study {
  about   = "Coordination after talk, against none and against two controls",
  game    = "coordination_talk",
  model   = "llama:smollm2",
  rounds  = 3,
  repeats = 2,
  read    = "scored",
  decide  = "sample",
  format  = "chat",
  length  = 15,
  vary = {
    way = {
      none        = { talk = "none" },
      both        = { talk = "heard" },
      one_message = { talk = "heard", turns = 1 },
      one_way     = { talk = "heard", speakers = "A" },
      thought     = { talk = "thought" },
      shuffled    = { talk = "shuffled" },
    },
  },
  players = {
    { strategy = "direct", sampling = { temperature = .7, max_tokens = 40 } },
    { strategy = "direct", sampling = { temperature = .7, max_tokens = 40 } },
  },
}
