// Softmax along rows, its backward, and the mask that hides the future before it.
#pragma once
#include "vectors.h"

// Multiply scores (…, T, S) by `scale` and set those of later tokens to −∞. The T tokens that look
// are the last of the S, so token t sees S − T + t + 1 of them.
static void hide_future(float *scores, int rows, int S, int T, float scale) {
  for (int row = 0; row < rows; row++, scores += S) {
    int seen = S - T + row % T + 1;
    FOR_FOURS(seen, PUT(scores, mul(GET(scores), all(scale))););
    for (int s = seen; s < S; s++) scores[s] = -__builtin_inff();
  }
}

// out = exp(scale·(x − max)) / Σ exp(scale·(x − max)), of one row; out may be x.
INLINE void softmax_row(const float *x, float *out, int width, float scale, Exp constants) {
  Four top = all(-__builtin_inff());
  FOR_FOURS(width, top = larger(top, left == 4 ? load(x + i) : load_some(x + i, left, x[i])););
  Four shift = all(largest_of(top)), sums = all(0);
  float sum = 0;
  FOR_FOURS(width, {
    Four e = exp_of(mul(sub(GET(x), shift), all(scale)), constants);
    PUT(out, e);
    if (left == 4) sums = add(sums, e);
    else for (int q = 0; q < left; q++) sum += out[i + q];
  });
  Four share = all(1 / (sum + sum_of(sums)));
  FOR_FOURS(width, PUT(out, mul(GET(out), share)););
}

// dx = scale · p · (dout − Σ dout·p), of one row; dx may be dout.
INLINE void softmax_backward_row(const float *dout, const float *p, float *dx, int width,
                                 float scale) {
  Four sums = all(0);
  FOR_FOURS(width, sums = mul_add(GET(dout), GET(p), sums););
  Four pull = all(sum_of(sums));
  FOR_FOURS(width, PUT(dx, mul(mul(GET(p), all(scale)), sub(GET(dout), pull))););
}

static void softmax(const float *x, float *out, int rows, int width) {
  Exp constants = exp_constants();
  for (int row = 0; row < rows; row++, x += width, out += width)
    softmax_row(x, out, width, 1, constants);
}

static void softmax_backward(const float *dout, const float *p, float *dx, int rows, int width) {
  for (int row = 0; row < rows; row++, dout += width, p += width, dx += width)
    softmax_backward_row(dout, p, dx, width, 1);
}
