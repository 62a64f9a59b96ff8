// A linear layer's backward, with what it needs beside its products: the sum of a product's two
// halves, and a bias' gradient.
#pragma once
#include "product.c"

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

// x (rows, I), dout (rows, O), weight (I, O) -> dx = dout·weightᵀ, dweight = xᵀ·dout, dbias (O,),
// the sum of dout's rows. All contiguous but weight.
static void linear_backward(float *x, float *dout, Matrix weight, float *dx, float *dweight,
                            float *dbias, int rows, int I, int O) {
  Matrix douts = {dout, O, 1}, turned = {weight.data, weight.column_stride, weight.row_stride};
  product(rows, I, O, douts, turned, NOTHING, (Matrix){dx, I, 1});
  product(I, O, rows, (Matrix){x, 1, I}, douts, NOTHING, (Matrix){dweight, O, 1});
  sum_rows(dout, dbias, rows, O);
}
