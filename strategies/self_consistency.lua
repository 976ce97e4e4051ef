-- Each sample is a whole thought with its own answer, so that the votes differ. Equal counts are drawn.
strategy {
  about    = "Several thoughts, and the commonest of their answers",
  source   = "Wang et al. 2022, arXiv:2203.11171",
  settings = { samples = 5 },
  act = function(turn)
    local replies = turn:ask { "think", record { analysis = words, answer = turn.actions }, samples = turn.settings.samples }
    return pick(commonest(map(replies, function(reply) return reply.answer end)))
  end,
}
