// What a linear layer needs beside its products: a bias' gradient, and the sum of a product's two
// halves.
#include "vectors.h"

// out += x
static void add_to(const float *x, float *out, int n) {
  FOR_FOURS(n, PUT(out, add(GET(out), GET(x))););
}

// sums[j] = Σ over rows of x[row, j]
static void sum_rows(const float *x, float *sums, int rows, int width) {
  for (int j = 0; j < width; j++) sums[j] = 0;
  for (int row = 0; row < rows; row++, x += width)
    FOR_FOURS(width, PUT(sums, add(GET(sums), GET(x))););
}
