// GELU and SwiGLU, and their backwards. Both bend by a sigmoid s, which the backward gets again.
//
// GPT-2's GELU is x/2 · (1 + tanh u) with u = √(2/π)·(x + 0.044715 x³); since 1 + tanh u =
// 2 · sigmoid(2u), it is x · sigmoid(2u).
#include "vectors.h"

#define GELU_SCALE (2 * 0.7978845608028654f)  // 2·√(2/π)
#define GELU_CUBE (GELU_SCALE * 0.044715f)

static void gelu(const float *x, float *s, float *out, int n) {
  Exp e = exp_constants();
  Four cube = all(GELU_CUBE), scale = all(GELU_SCALE);
  MADE_ONCE(cube);
  MADE_ONCE(scale);
  FOR_FOURS(n, {
    Four v = GET(x);
    Four bend = sigmoid_of(mul(v, mul_add(mul(v, v), cube, scale)), e);
    PUT(s, bend);
    PUT(out, mul(v, bend));
  });
}

// dx = dout · (s + x·s·(1 − s)·(2u)')
static void gelu_backward(const float *dout, const float *x, const float *s, float *dx, int n) {
  FOR_FOURS(n, {
    Four v = GET(x), bend = GET(s);
    Four slope = mul_add(mul(v, v), all(3 * GELU_CUBE), all(GELU_SCALE));
    slope = mul(mul(slope, mul(v, bend)), sub(all(1), bend));
    PUT(dx, mul(GET(dout), add(bend, slope)));
  });
}

// x (rows, 2F) = [gate | value] -> out (rows, F) = gate · s · value, s = sigmoid(gate)
static void swiglu(const float *x, float *s, float *out, int rows, int F) {
  Exp e = exp_constants();
  for (int row = 0; row < rows; row++, x += 2 * F, s += F, out += F) {
    const float *value = x + F;
    FOR_FOURS(F, {
      Four gate = GET(x), opening = sigmoid_of(gate, e);
      PUT(s, opening);
      PUT(out, mul(mul(gate, opening), GET(value)));
    });
  }
}

// dgate = dout · value · s · (1 + gate·(1 − s)), dvalue = dout · gate · s
static void swiglu_backward(const float *dout, const float *x, const float *s, float *dx, int rows,
                            int F) {
  for (int row = 0; row < rows; row++, dout += F, x += 2 * F, s += F, dx += 2 * F) {
    const float *value = x + F;
    float *dvalue = dx + F;
    FOR_FOURS(F, {
      Four gate = GET(x), opening = GET(s), d = mul(GET(dout), opening);
      Four slope = mul_add(gate, sub(all(1), opening), all(1));
      Four to_gate = mul(mul(d, GET(value)), slope), to_value = mul(d, gate);
      PUT(dx, to_gate);
      PUT(dvalue, to_value);
    });
  }
}
