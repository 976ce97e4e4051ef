-- Private thoughts, an answer and a plan in one reply. The plan is kept and shown with the next question.
strategy {
  about  = "Thoughts, an answer, and a plan kept for the next time",
  source = "Abdelnabi et al. 2024, arXiv:2309.17234",
  act = function(turn)
    local reply = turn:ask { "reply", record { analysis = words, answer = turn.actions, plan = words },
      last_plan = turn.memory.plan or false }
    turn.memory.plan = reply.plan
    return reply.answer
  end,
}
