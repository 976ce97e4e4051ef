strategy {
  about    = "Tit for tat that chooses the second action now and then, with probability p",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { p = .1 },
  act = function(turn)
    local first, second = turn.actions[1], turn.actions[2]
    local last = turn:last(turn.other)
    if #turn.actions ~= 2 or turn.round == 2 and last ~= first and last ~= second then
      error("naive_prober needs two actions that both players have: '" .. turn.decision .. "' is no such choice", 0)
    end
    if last == nil then return first end
    local p = turn.settings.p
    return p > 0 and math.random() < p and second or last
  end,
}
