// What an optimizer does to the flat vector of all weights: the length of its gradient, and one
// AdamW step (training/optimizer.py has the equations).
#include "vectors.h"

enum { STRETCH = 1024 };  // values summed in float32 before their sum joins the float64 one

static double sum_of_squares(const float *x, int n) {
  double sum = 0;
  for (int start = 0; start < n; start += STRETCH, x += STRETCH) {
    Four sums = all(0);
    int size = n - start < STRETCH ? n - start : STRETCH;
    FOR_FOURS(size, sums = mul_add(GET(x), GET(x), sums););
    sum += sum_of(sums);
  }
  return sum;
}

// root_correction is √(1 − β2ᵗ), correction 1 − β1ᵗ; decay[i] is λ or 0.
static void adamw(float *weights, const float *grad, float *mean, float *square, const float *decay,
                  int n, float lr, float beta1, float beta2, float eps, float root_correction,
                  float correction) {
  Four b1 = all(beta1), b2 = all(beta2), new1 = all(1 - beta1), new2 = all(1 - beta2);
  FOR_FOURS(n, {
    Four g = GET(grad), w = GET(weights);
    Four m = mul_add(GET(mean), b1, mul(g, new1));
    Four v = mul_add(GET(square), b2, mul(mul(g, g), new2));
    PUT(mean, m);
    PUT(square, v);
    Four root = add(divide(wasm_f32x4_sqrt(v), all(root_correction)), all(eps));
    Four step = divide(m, mul(root, all(correction)));
    w = sub_mul(w, w, mul(all(lr), GET(decay)));
    PUT(weights, sub_mul(w, step, all(lr)));
  });
}
