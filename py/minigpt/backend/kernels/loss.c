// dlogits of the mean cross-entropy: (probability − 1 at the target) / number of rows.
#include "vectors.h"

static void cross_entropy_backward(const float *probs, const int *targets, float *dlogits, int rows,
                                   int V) {
  float share = 1.0f / rows;
  for (int row = 0; row < rows; row++, probs += V, dlogits += V) {
    FOR_FOURS(V, PUT(dlogits, mul(GET(probs), all(share))););
    dlogits[targets[row]] -= share;
  }
}
