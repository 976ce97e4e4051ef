-- Do offers and answers in the ultimatum game depend on the size of the pie, and on what both are told to be? bargaining.lua asks another
-- thing, what the other's say is worth, of three games with a pie of one size.
-- 2 pies x 3 personas = 6 conditions, 2 blocks: 12 matches of one round.
-- Cameron (1999, Economic Inquiry 37, 47-59) let people divide up to three months' spending in place of a small sum: as shares of the pie,
-- offers hardly changed. Here 10 and 100 are points alike: only the number differs. Of a tiny model expect nothing.
--   parley stats ultimatum_offers.db --group pie --value offered
--   parley stats ultimatum_offers.db --group persona --value accepted
study {
  about   = "Offers and answers in the ultimatum game",
  game    = "ultimatum",
  model   = "llama:smollm2",
  repeats = 2,
  read    = "scored",
  vary = {
    pie     = { 10, 100 },
    persona = {
      none    = { told = {} },
      fair    = { told = "personas/fair" },
      selfish = { told = "personas/selfish" },
    },
  },
  players = { { strategy = "direct" }, { strategy = "direct" } },
  measures = {
    offered  = function(match) return { proposer = match.choices.offer.proposer[1] / match.settings.pie } end, -- as a share of the pie
    accepted = function(match) return { responder = match.choices.answer.responder[1] == "accept" } end,
  },
}
