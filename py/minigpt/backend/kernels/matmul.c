// matmul for Python: (…, M, K) · (…, K, N) -> (…, M, N) for arrays of any strides and any number of
// leading dimensions; a leading dimension of size 1, or a missing one, serves all.
#include "arrays.h"
#include "gemm.c"
#include "gemv.c"

enum { MOST_DIMENSIONS = 16 };

INLINE int is_aligned(const Py_buffer *view) {
  for (int i = 0; i < view->ndim; i++) if (view->strides[i] % 4) return 0;
  return 1;
}

// The first and last byte that an array can touch, whichever way its strides go.
static void extent(const Py_buffer *view, char **first, char **last) {
  *first = *last = view->data;
  for (int i = 0; i < view->ndim; i++) {
    int reach = (view->shape[i] - 1) * view->strides[i];
    if (reach < 0) *first += reach; else *last += reach;
  }
  *last += 3;
}

static int overlap(const Py_buffer *a, const Py_buffer *b) {
  if (!a->bytes || !b->bytes) return 0;
  char *a_first, *a_last, *b_first, *b_last;
  extent(a, &a_first, &a_last);
  extent(b, &b_first, &b_last);
  return a_first <= b_last && b_first <= a_last;
}

// Size and stride (in floats) of dimension i, counted so that i = `dimensions` − 1 is the last.
INLINE int size_at(const Py_buffer *view, int i, int dimensions) {
  i -= dimensions - view->ndim;
  return i < 0 ? 1 : view->shape[i];
}

INLINE int step_at(const Py_buffer *view, int i, int dimensions) {
  i -= dimensions - view->ndim;
  return i < 0 || view->shape[i] == 1 ? 0 : view->strides[i] / 4;
}

// What is wrong with the three arrays, or null.
static const char *complaint(const Py_buffer *a, const Py_buffer *b, const Py_buffer *out) {
  int n = out->ndim;
  if (a->ndim < 2 || b->ndim < 2 || n < 2 || n > MOST_DIMENSIONS) return "needs 2 to 16 dimensions";
  if (a->ndim > n || b->ndim > n) return "out has fewer dimensions than an operand";
  if (!is_aligned(a) || !is_aligned(b) || !is_aligned(out)) return "strides must be whole floats";
  int K = a->shape[a->ndim - 1];
  if (b->shape[b->ndim - 2] != K || size_at(a, n - 2, n) != out->shape[n - 2]
      || size_at(b, n - 1, n) != out->shape[n - 1]) return "shapes do not fit together";
  for (int i = 0; i < n - 2; i++) {
    int left = size_at(a, i, n), right = size_at(b, i, n), wanted = left == 1 ? right : left;
    if ((right != 1 && right != wanted) || out->shape[i] != wanted)
      return "leading dimensions do not fit together";
  }
  if (out->shape[n - 1] > 1 && out->strides[n - 1] != 4) return "out's columns must lie side by side";
  if (overlap(a, out) || overlap(b, out)) return "out overlaps an operand in memory";
  return 0;
}

static void one_product(int M, int N, int K, Matrix a, Matrix b, Matrix out, int adding) {
  if (K == 0 && !adding)
    for (int i = 0; i < M; i++) for (int j = 0; j < N; j++) out.data[i * out.row_stride + j] = 0;
  else if (K && !few_rows_product(M, N, K, a, b, out, adding))
    large_product(M, N, K, a, b, out, adding);
}

// A product for each place in the leading dimensions, counting through them like an odometer.
static void all_products(const Py_buffer *a, const Py_buffer *b, const Py_buffer *out, int adding) {
  int n = out->ndim, M = out->shape[n - 2], N = out->shape[n - 1], K = a->shape[a->ndim - 1];
  if (!out->bytes) return;
  // A dimension of size 1 has no stride worth the name, but straight columns are told by theirs.
  Matrix x = {a->data, step_at(a, n - 2, n), K == 1 ? 1 : step_at(a, n - 1, n)};
  Matrix y = {b->data, K == 1 ? N : step_at(b, n - 2, n), N == 1 ? 1 : step_at(b, n - 1, n)};
  Matrix z = {out->data, step_at(out, n - 2, n), 1};
  int place[MOST_DIMENSIONS] = {0};
  for (;;) {
    one_product(M, N, K, x, y, z, adding);
    int i = n - 3;
    for (; i >= 0; i--) {
      int back = ++place[i] == out->shape[i] ? out->shape[i] : 0;
      x.data += step_at(a, i, n) * (1 - back);
      y.data += step_at(b, i, n) * (1 - back);
      z.data += step_at(out, i, n) * (1 - back);
      if (!back) break;
      place[i] = 0;
    }
    if (i < 0) return;
  }
}

// matmul(a, b, out, adding)
static PyObject *py_matmul(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  Arrays arrays = {.kernel = "matmul"};
  if (!has_arguments(&arrays, count, 4)) return 0;
  Py_buffer *a = view_of(&arrays, args[0], PyBUF_FORMAT | PyBUF_STRIDES);
  Py_buffer *b = view_of(&arrays, args[1], PyBUF_FORMAT | PyBUF_STRIDES);
  Py_buffer *out = view_of(&arrays, args[2], PyBUF_FORMAT | PyBUF_STRIDES | PyBUF_WRITABLE);
  int adding = whole_number(&arrays, args[3]);
  if (arrays.failed) return finished(&arrays);
  if (!is_float32(a) || !is_float32(b) || !is_float32(out)) {
    PyErr_Format(PyExc_TypeError, "matmul: arrays must be float32, got formats '%s', '%s' and '%s'",
                 a->format, b->format, out->format);
    arrays.failed = 1;
    return finished(&arrays);
  }
  const char *problem = complaint(a, b, out);
  if (problem) {
    PyErr_Format(PyExc_ValueError, "matmul: %s", problem);
    arrays.failed = 1;
  } else {
    all_products(a, b, out, adding);
  }
  return finished(&arrays);
}
