// Two independent samples compared: numbers in, numbers out.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "stats/interval.h"

namespace parley::stats {

// Values that weigh alike, or have weights. Of these, n is how many there are in effect (Effective): so many
// as weigh alike have a mean as precise, if heavy and light ones vary alike. Where the heavy ones vary more, the error of the mean is
// that of the linearised ratio sum w x / sum w: the larger of both counts.
struct Sample {
  double n = 0;
  double mean = 0;
  double sd = 0;      // with n - 1; 0 of fewer than two values, or where all are one but for rounding (1e-12 of them)
  double error = 0;   // of the mean: sd / sqrt(n), or sqrt(n / (n - 1) sum w^2 (x - mean)^2) / sum w; 0 where sd is
  double weight = 0;  // of all together
  bool alike = true;  // whether all weigh alike
};
Sample sample(std::span<const double> values);
Sample sample(std::span<const double> values, std::span<const double> weights);  // as many, each above 0
// Whether the values of both weigh alike, each and every one.
bool weigh_alike(const Sample& a, const Sample& b);

// A difference of means, a - b. All tests are two-sided. Requires two values a sample; and that its standard error is not 0.
struct TTest {
  double t = 0, df = 0, p = 1;
  Interval difference;  // at `level`
};
// Of a difference with this standard error.
TTest t_test(double difference, double error, double df, double level);
// Welch (1947), degrees of freedom by Satterthwaite.
TTest welch(const Sample& a, const Sample& b, double level = .95);
// The standard error of the difference where some values of a and b are pairs, and the degrees of freedom of t by it: the test for
// partially overlapping samples, T_new2 of Derrick, Russ, Toher and White (2017, J. Mod. Appl. Stat. Methods 16(1), 137). It is Welch's
// where nothing is paired, and the paired t-test where all is. The correlation is that of the pairs; of fewer than two pairs, or of
// constant ones, it is 0. With weights, each number of values is what it is in effect, what is not paired is a share of the weight, and
// a correlation above 0 is taken for 0 where not all is paired: few heavy pairs say too little of it.
struct Precision {
  double error = 0;  // 0: every pair differs by the same, and there is nothing else
  double df = 0;
};
struct Pair {
  double a = 0, b = 0;
  double weight = 1;  // of each of the two
};
Precision precision(const Sample& a, const Sample& b, std::span<const Pair> pairs);
// Student's, from the pooled variance.
TTest pooled(const Sample& a, const Sample& b, double level = .95);

// A standardised difference of means, a - b.
struct Effect {
  double size = 0;
  std::optional<Interval>
      interval;  // of values of which none are pairs: normal, by the variance of Hedges and Olkin (1985), chapter 5, equation 14
};
// Cohen's d: by the pooled standard deviation.
Effect cohens_d(const Sample& a, const Sample& b, double level = .95);
// Hedges' g: d times the exact correction of Hedges (1981).
Effect hedges_g(const Sample& a, const Sample& b, double level = .95);

// The two-sample JZS Bayes factor BF10 of Rouder et al. (2009), equation 1 with a Cauchy prior of this scale on the effect; from the
// pooled t of samples of n_a and n_b. Infinite where it is beyond what a double holds.
double jzs(double t, double n_a, double n_b, double scale);
// The integral behind it and behind that of one sample: with the effective number of units and the degrees of freedom of t.
double jzs_of(double t, double n, double df, double scale);

// Two one-sided tests by Welch's t, see two_one_sided(), of the difference of means.
double equivalence(const Sample& a, const Sample& b, double margin);

// p-values of a family by Holm (1979), in the order given.
std::vector<double> holm(std::span<const double> p);

}  // namespace parley::stats
