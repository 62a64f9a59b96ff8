// The product of one row (or very few) with a matrix: what writing a text token by token needs.
//
// Each number of b is used only once, so packing it would be the larger work: b is read where it
// lies. If its rows lie straight in memory, 16 sums grow side by side; if its columns do (a
// transposed view, as in logits = x·tableᵀ), each result is the product of two straight rows.
#pragma once
#include "vectors.h"

enum { FEW_ROWS = 3, SUMS = 4 };

// out[0 … 4·fours) = start + a·b for `fours` fours of columns, b's rows straight; start may be
// null.
INLINE void straight_columns(int fours, int K, const float *a, int a_stride, const float *b,
                             int b_stride, const float *start, float *out) {
  Four sums[SUMS];
#pragma unroll
  for (int q = 0; q < fours; q++) sums[q] = start ? load(start + 4 * q) : all(0);
  for (int k = 0; k < K; k++, b += b_stride) {
    Four value = all(a[k * a_stride]);
#pragma unroll
    for (int q = 0; q < fours; q++) sums[q] = mul_add(value, load(b + 4 * q), sums[q]);
  }
#pragma unroll
  for (int q = 0; q < fours; q++) store(out + 4 * q, sums[q]);
}

// The start of the results from column j on.
INLINE const float *from_column(const float *start, int j) { return start ? start + j : 0; }

INLINE float strided_dot(int K, const float *a, int a_stride, const float *b, int b_stride) {
  float sum = 0;
  for (int k = 0; k < K; k++) sum += a[k * a_stride] * b[k * b_stride];
  return sum;
}

static void row_times_straight(int N, int K, const float *a, int a_stride, Matrix b,
                               const float *start, float *out) {
  int j = 0;
  for (; j + 16 <= N; j += 16)
    straight_columns(4, K, a, a_stride, b.data + j, b.row_stride, from_column(start, j), out + j);
  for (; j + 4 <= N; j += 4)
    straight_columns(1, K, a, a_stride, b.data + j, b.row_stride, from_column(start, j), out + j);
  for (; j < N; j++)
    out[j] = (start ? start[j] : 0) + strided_dot(K, a, a_stride, b.data + j, b.row_stride);
}

// Four columns of b at once, so that a is fetched a quarter as often.
static void row_times_transposed(int N, int K, const float *a, Matrix b, const float *start,
                                 float *out) {
  int j = 0;
  for (; j + 4 <= N; j += 4) {
    const float *columns = b.data + j * b.column_stride;
    Four sums[4] = {all(0), all(0), all(0), all(0)};
    int k = 0;
    for (; k + 4 <= K; k += 4) {
      Four values = load(a + k);
#pragma unroll
      for (int q = 0; q < 4; q++)
        sums[q] = mul_add(values, load(columns + q * b.column_stride + k), sums[q]);
    }
    for (int q = 0; q < 4; q++)
      out[j + q] = (start ? start[j + q] : 0) + sum_of(sums[q])
                   + strided_dot(K - k, a + k, 1, columns + q * b.column_stride + k, 1);
  }
  for (; j < N; j++)
    out[j] = (start ? start[j] : 0) + strided_dot(K, a, 1, b.data + j * b.column_stride, 1);
}

// True if this was a product for this file, and is done.
static int few_rows_product(int M, int N, int K, Matrix a, Matrix b, Matrix start, Matrix out) {
  int transposed = b.row_stride == 1 && a.column_stride == 1;
  if (M > FEW_ROWS || (b.column_stride != 1 && !transposed)) return 0;
  for (int i = 0; i < M; i++) {
    const float *row = a.data + i * a.row_stride;
    const float *first = from_corner(start, i, 0).data;
    float *to = out.data + i * out.row_stride;
    if (b.column_stride == 1) row_times_straight(N, K, row, a.column_stride, b, first, to);
    else row_times_transposed(N, K, row, b, first, to);
  }
  return 1;
}
