// The cross-entropy's parts: the probability of each row's target, and dlogits of the mean loss,
// (probability − 1 at the target) / number of rows.
#include "vectors.h"

static void chosen_of(const float *probs, const int *targets, float *chosen, int rows, int V) {
  for (int row = 0; row < rows; row++) chosen[row] = probs[row * V + targets[row]];
}

static void cross_entropy_backward(const float *probs, const int *targets, float *dlogits, int rows,
                                   int V) {
  float share = 1.0f / rows;
  for (int row = 0; row < rows; row++, probs += V, dlogits += V) {
    FOR_FOURS(V, PUT(dlogits, mul(GET(probs), all(share))););
    dlogits[targets[row]] -= share;
  }
}
