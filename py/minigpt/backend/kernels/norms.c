// LayerNorm and RMSNorm of each row, and their backwards, step by step as in nn/norms.py.
#include "vectors.h"

INLINE float mean_square(const float *x, int C) {
  Four sums = all(0);
  FOR_FOURS(C, sums = mul_add(GET(x), GET(x), sums););
  return sum_of(sums) / C;
}

// normed = (x − mean) / √(variance + ε), out = normed·gain + bias; inv_std is 1 / √(…).
static void layernorm(const float *x, const float *gain, const float *bias, float *normed,
                      float *inv_std, float *out, int rows, int C, float eps) {
  for (int row = 0; row < rows; row++, x += C, normed += C, out += C) {
    Four sums = all(0);
    FOR_FOURS(C, sums = add(sums, GET(x)););
    Four mean = all(sum_of(sums) / C);
    FOR_FOURS(C, PUT(normed, sub(GET(x), mean)););
    inv_std[row] = 1 / __builtin_sqrtf(mean_square(normed, C) + eps);
    Four scale = all(inv_std[row]);
    FOR_FOURS(C, {
      Four n = mul(GET(normed), scale);
      PUT(normed, n);
      PUT(out, mul_add(n, GET(gain), GET(bias)));
    });
  }
}

static void rmsnorm(const float *x, const float *gain, float *normed, float *inv_rms, float *out,
                    int rows, int C, float eps) {
  for (int row = 0; row < rows; row++, x += C, normed += C, out += C) {
    inv_rms[row] = 1 / __builtin_sqrtf(mean_square(x, C) + eps);
    Four scale = all(inv_rms[row]);
    FOR_FOURS(C, {
      Four n = mul(GET(x), scale);
      PUT(normed, n);
      PUT(out, mul(n, GET(gain)));
    });
  }
}

// dx of both: with g = dout·gain, dx = scale · (g − mean(g) − normed·mean(g·normed)); RMSNorm does
// not move the mean, so its dx lacks mean(g), and it has no bias (`dbias` is null).
static void norm_backward(const float *dout, const float *normed, const float *scales,
                          const float *gain, float *dx, float *dgain, float *dbias, int rows, int C) {
  for (int i = 0; i < C; i++) dgain[i] = 0;
  if (dbias) for (int i = 0; i < C; i++) dbias[i] = 0;
  for (int row = 0; row < rows; row++, dout += C, normed += C, dx += C) {
    Four sums = all(0), products = all(0);
    FOR_FOURS(C, {
      Four d = GET(dout), n = GET(normed), g = mul(d, GET(gain));
      sums = add(sums, g);
      products = mul_add(g, n, products);
      PUT(dx, g);
      PUT(dgain, mul_add(d, n, GET(dgain)));
      if (dbias) PUT(dbias, add(GET(dbias), d));
    });
    Four scale = all(scales[row]), product = all(sum_of(products) / C);
    Four mean = all(dbias ? sum_of(sums) / C : 0);
    FOR_FOURS(C, PUT(dx, mul(scale, sub_mul(sub(GET(dx), mean), GET(normed), product))););
  }
}
