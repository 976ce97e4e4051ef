-- As in the published evacuations: how it feels, in words; a mark for each action, one question each; then the choice.
strategy {
  about  = "Say how it feels, mark each action from 0 to 10, then choose",
  source = "Wu et al. 2024, doi:10.18653/v1/2024.findings-emnlp.297",
  act = function(turn)
    if turn.actions.kind then return turn:ask { "direct/choose", turn.actions } end -- no list: nothing to mark one by one
    turn:ask { "feel", words(30) }
    for _, action in ipairs(turn.actions) do turn:ask { "mark", range(0, 10), action = action } end
    return turn:ask { "choose", turn.actions }
  end,
}
