-- How much is offered where the other has no say, can only reject, or can reject and offer in its turn? Both are told one
-- temperament, or none. 3 games x 4 temperaments = 12 conditions, 2 blocks: 24 matches of one round.
-- People offer least where there is no answer (Forsythe, Horowitz, Savin and Sefton 1994, doi:10.1006/game.1994.1021), around 40 per
-- cent where there is one, and reject small offers (Güth, Schmittberger and Schwarze 1982, doi:10.1016/0167-2681(82)90011-7). Where
-- offers alternate and shrink, most who reject then ask for less than they were offered (Ochs and Roth 1989, American Economic
-- Review 79, 355-384). `parley solve alternating_offers` says what players do who want nothing but points. Of a tiny model expect
-- nothing.
--   parley stats bargaining.db --group game --value offered
--   parley stats bargaining.db --group temperament --value lost
local function first_seat(match) -- whose the measures are, so that a match counts once
  for _, seat in ipairs { "giver", "proposer", "first" } do if match.totals[seat] then return seat end end
end

study {
  about   = "Offers with no answer, with one, and with a counter-offer",
  model   = "llama:smollm2",
  repeats = 2,
  read    = "scored",
  pie     = 100,
  vary = {
    game        = { "dictator", "ultimatum", "alternating_offers" },
    temperament = {
      none        = { told = {} },
      fair        = { told = "personas/fair" },
      selfish     = { told = "personas/selfish" },
      competitive = { told = "personas/competitive" },
    },
  },
  players  = { { strategy = "direct" }, { strategy = "direct" } },
  measures = {
    offered = function(match) -- its first offer, as a share of the pie
      local first = first_seat(match)
      return { [first] = (match.choices.gift or match.choices.offer)[first][1] / match.settings.pie }
    end,
    lost = function(match) -- of the pie, by rejections and waiting
      local paid = 0
      for _, total in pairs(match.totals) do paid = paid + total end
      return { [first_seat(match)] = 1 - paid / match.settings.pie }
    end,
  },
}
