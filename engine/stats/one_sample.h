// One sample compared with a number: numbers in, numbers out.
#pragma once
#include <cstdint>
#include <span>

#include "stats/resample.h"
#include "stats/two_samples.h"

namespace parley::stats {

// Student's t of the mean less `number`, two-sided, with the interval of that difference. Requires two values, not all alike.
TTest one_sample(const Sample& of, double number, double level = .95);

// Cohen's d of one sample: (mean - number) / sd. The interval is normal, with the variance 1/n + d^2 / 2n (delta method; escalc's measure
// SMN in Viechtbauer 2010, J. Stat. Software 36(3)).
Effect cohens_d(const Sample& of, double number, double level = .95);

// The one-sample JZS Bayes factor BF10 of Rouder et al. (2009), equation 1 with a Cauchy prior of this scale on the effect; from t of n.
double jzs(double t, double n, double scale);

// Two one-sided tests (Schuirmann 1987) by Student's t: whether the mean lies within `margin` of `number`; the larger p.
double equivalence(const Sample& of, double number, double margin);

// Whether the values lie symmetrically about `number`: the differences of a cluster change their signs together (Fisher 1935, by cluster);
// two-sided, by all signs where there are at most `draws`, else by so many drawn, the one that was seen counting as one of them.
// Groups and blocks of the units are not looked at.
Permutation sign_flips(std::span<const Unit> units, double number, uint64_t draws, uint64_t seed);

// An interval of the mean less `number` by drawing clusters with replacement: t-based, with clusters - 1 degrees of freedom (as many
// as there are in effect).
Bootstrap bootstrap(std::span<const Unit> units, double number, uint64_t draws, uint64_t seed, double level = .95);

// The exact binomial test of `yes` out of n for a probability within 0 and 1, two-sided: of all counts, those not more likely than this one.
double binomial(uint64_t yes, uint64_t n, double probability);

}  // namespace parley::stats
