strategy {
  about = "Always the second action",
  act = function(turn)
    return turn.actions[2] or error("always_second needs a list of two actions or more, and '" .. turn.decision .. "' has none", 0)
  end,
}
