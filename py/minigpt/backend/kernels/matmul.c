// matmul for Python: (…, M, K) · (…, K, N) -> (…, M, N) for arrays of any strides and any number of
// leading dimensions; a leading dimension of size 1, or a missing one, serves all.
#include "arrays.h"
#include "linear.c"

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

// The operands of a product as matrices, from their last two dimensions. A dimension of size 1 has
// no stride worth the name, but straight columns are told by theirs.
static Matrix left_matrix(const Py_buffer *a, int n) {
  int K = a->shape[a->ndim - 1];
  return (Matrix){a->data, step_at(a, n - 2, n), K == 1 ? 1 : step_at(a, n - 1, n)};
}

static Matrix right_matrix(const Py_buffer *b, int n) {
  int K = b->shape[b->ndim - 2], N = b->shape[b->ndim - 1];
  return (Matrix){b->data, K == 1 ? N : step_at(b, n - 2, n), N == 1 ? 1 : step_at(b, n - 1, n)};
}

// A product for each place in the leading dimensions, counting through them like an odometer.
static void all_products(const Py_buffer *a, const Py_buffer *b, const Py_buffer *out, int adding) {
  int n = out->ndim, M = out->shape[n - 2], N = out->shape[n - 1], K = a->shape[a->ndim - 1];
  if (!out->bytes) return;
  Matrix x = left_matrix(a, n), y = right_matrix(b, n);
  Matrix z = {out->data, step_at(out, n - 2, n), 1};
  int place[MOST_DIMENSIONS] = {0};
  for (;;) {
    product(M, N, K, x, y, adding ? z : NOTHING, z);
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

// What is wrong with the three arrays is set as an error; true if nothing is.
static int fit_together(Arrays *arrays, const Py_buffer *a, const Py_buffer *b,
                        const Py_buffer *out) {
  if (arrays->failed) return 0;
  const char *problem = 0;
  if (!is_float32(a) || !is_float32(b) || !is_float32(out))
    PyErr_Format(PyExc_TypeError, "%s: arrays must be float32, got formats '%s', '%s' and '%s'",
                 arrays->kernel, a->format, b->format, out->format);
  else if ((problem = complaint(a, b, out)))
    PyErr_Format(PyExc_ValueError, "%s: %s", arrays->kernel, problem);
  else return 1;
  arrays->failed = 1;
  return 0;
}

// a, b, out, adding
static void call_matmul(Arrays *arrays, PyObject *const *args) {
  Py_buffer *a = view_of(arrays, args[0], READ | PyBUF_STRIDES);
  Py_buffer *b = view_of(arrays, args[1], READ | PyBUF_STRIDES);
  Py_buffer *out = view_of(arrays, args[2], WRITE | PyBUF_STRIDES);
  int adding = whole_number(arrays, args[3]);
  if (fit_together(arrays, a, b, out)) all_products(a, b, out, adding);
}

// x (rows, I), weight (I, O), bias (O,), out (rows, O) = x·weight + bias
static void call_linear(Arrays *arrays, PyObject *const *args) {
  Py_buffer *x = view_of(arrays, args[0], READ | PyBUF_STRIDES);
  Py_buffer *weight = view_of(arrays, args[1], READ | PyBUF_STRIDES);
  Py_buffer *out = view_of(arrays, args[3], WRITE | PyBUF_STRIDES);
  if (!fit_together(arrays, x, weight, out)) return;
  int O = weight->shape[weight->ndim - 1];
  Matrix bias = {floats(arrays, args[2], O, READ), 0, 1};
  if (out->ndim != 2) {
    PyErr_Format(PyExc_ValueError, "linear: needs 2 dimensions, got %d", out->ndim);
    arrays->failed = 1;
  }
  if (!arrays->failed && out->bytes)
    product(x->shape[0], O, x->shape[1], left_matrix(x, 2), right_matrix(weight, 2), bias,
            (Matrix){out->data, step_at(out, 0, 2), 1});
}

// x (rows, I), dout (rows, O), weight (I, O), dx, dweight, dbias; weight's strides may be any.
static void call_linear_backward(Arrays *arrays, PyObject *const *args) {
  Py_buffer *weight = view_of(arrays, args[2], READ | PyBUF_STRIDES);
  if (!weight) return;
  if (weight->ndim != 2 || !is_float32(weight) || !is_aligned(weight)) {
    PyErr_Format(PyExc_ValueError, "linear_backward: the weight must be a matrix of float32");
    arrays->failed = 1;
    return;
  }
  int I = weight->shape[0], O = weight->shape[1];
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int rows = I ? size_of_last(arrays) / I : 0;
  float *dout = floats(arrays, args[1], rows * O, READ);
  float *dx = floats(arrays, args[3], rows * I, WRITE);
  float *dweight = floats(arrays, args[4], I * O, WRITE);
  float *dbias = floats(arrays, args[5], O, WRITE);
  if (!arrays->failed)
    linear_backward(x, dout, right_matrix(weight, 2), dx, dweight, dbias, rows, I, O);
}
