strategy {
  about = "Any allowed action, each as likely",
  act = function(turn) return pick(turn.actions) end,
}
