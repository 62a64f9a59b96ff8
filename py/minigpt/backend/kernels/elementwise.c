// What is NumPy's work where there is NumPy: arithmetic on arrays of any strides, rows taken from a
// table, and pairs turned for RoPE.
#include "vectors.h"

typedef enum { COPY, ADD, MULTIPLY } Operation;
enum { AXES = 4 };  // of an array; the steps from one element to the next count floats

INLINE float combined(Operation operation, float x, float y) {
  return operation == COPY ? x : operation == ADD ? x + y : x * y;
}

INLINE Four combined_fours(Operation operation, Four x, Four y) {
  return operation == COPY ? x : operation == ADD ? add(x, y) : mul(x, y);
}

// One line of n elements. `operation` is known to the compiler.
INLINE void line(Operation operation, int n, float *out, int out_step, const float *x, int x_step,
                 const float *y, int y_step) {
  if (out_step == 1 && x_step == 1 && y_step == 1)
    FOR_FOURS(n, PUT(out, combined_fours(operation, GET(x), GET(y))););
  else if (out_step == 1 && x_step == 1 && y_step == 0)
    FOR_FOURS(n, PUT(out, combined_fours(operation, GET(x), all(*y))););
  else
    for (int i = 0; i < n; i++)
      out[i * out_step] = combined(operation, x[i * x_step], y[i * y_step]);
}

// out = x ∘ y; a step of 0 repeats an element. Where nothing is combined, y may be any number.
static void elementwise(Operation operation, const int *shape, float *out, const int *out_steps,
                        const float *x, const int *x_steps, const float *y, const int *y_steps) {
  for (int i = 0; i < shape[0]; i++)
    for (int j = 0; j < shape[1]; j++)
      for (int k = 0; k < shape[2]; k++) {
        float *to = out + i * out_steps[0] + j * out_steps[1] + k * out_steps[2];
        const float *left = x + i * x_steps[0] + j * x_steps[1] + k * x_steps[2];
        const float *right = y + i * y_steps[0] + j * y_steps[1] + k * y_steps[2];
#define LINE(which) case which: \
          line(which, shape[3], to, out_steps[3], left, x_steps[3], right, y_steps[3]); break
        switch (operation) { LINE(COPY); LINE(ADD); LINE(MULTIPLY); }
#undef LINE
      }
}

// Each pair (x[i], x[i + D/2]) of the rows (…, T, D) turned by its angle; cos and sin (T, D/2).
static void turned_pairs(const float *x, const float *cos, const float *sin, float *out, int rows,
                         int T, int half) {
  for (int row = 0; row < rows; row++, x += 2 * half, out += 2 * half) {
    const float *c = cos + row % T * half, *s = sin + row % T * half, *right = x + half;
    float *out_right = out + half;
    FOR_FOURS(half, {
      Four one = GET(x), other = GET(right), cosine = GET(c), sine = GET(s);
      Four to_left = sub(mul(one, cosine), mul(other, sine));
      Four to_right = mul_add(one, sine, mul(other, cosine));
      PUT(out, to_left);
      PUT(out_right, to_right);
    });
  }
}

static void take_rows(const float *table, const int *ids, float *out, int places, int C) {
  for (int place = 0; place < places; place++, out += C) {
    const float *row = table + ids[place] * C;
    FOR_FOURS(C, PUT(out, GET(row)););
  }
}
