// What tests, effects and resampling share: intervals around an estimate with a standard error, and the error of what is drawn.
#pragma once
#include <cstddef>

namespace parley::stats {

struct Interval {
  double low = 0, high = 0;
};
// Of Student's t with these degrees of freedom; of the normal distribution. Both sides alike.
Interval t_interval(double estimate, double error, double df, double level);
Interval normal_interval(double estimate, double error, double level);
// Two one-sided t-tests (Schuirmann 1987): whether a difference lies within -margin and margin; the larger p.
double two_one_sided(double difference, double error, double df, double margin);

// The standard deviation of numbers that come one by one (Welford 1962).
class Spread {
 public:
  void add(double value) {
    ++n_;
    const double off = value - mean_;
    mean_ += off / n_;
    squares_ += off * (value - mean_);
  }
  // With n - 1; 0 of fewer than two.
  double sd() const;

 private:
  double n_ = 0, mean_ = 0, squares_ = 0;
};

// How many there are in effect of what weighs differently, (sum w)^2 / sum w^2 (Kish 1965, 11.7): of what weighs alike, as many as
// there are.
class Effective {
 public:
  void add(double weight) { sum_ += weight, squares_ += weight * weight; }
  double n() const { return squares_ > 0 ? sum_ * sum_ / squares_ : 0; }
  double weight() const { return sum_; }

 private:
  double sum_ = 0, squares_ = 0;
};

}  // namespace parley::stats
