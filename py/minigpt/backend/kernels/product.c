// out (M, N) = start + a (M, K) · b (K, N), by the way that fits the sizes.
#pragma once
#include "gemm.c"
#include "gemv.c"

static void product(int M, int N, int K, Matrix a, Matrix b, Matrix start, Matrix out) {
  if (K && few_rows_product(M, N, K, a, b, start, out)) return;
  if (K) large_product(M, N, K, a, b, start, out);
  else if (start.data != out.data)
    for (int i = 0; i < M; i++)
      for (int j = 0; j < N; j++)
        out.data[i * out.row_stride + j] = start.data ? start.data[i * start.row_stride + j] : 0;
}
