// The Python module of the kernels: each function takes arrays that exist already, the results' too,
// checks them and fills the results. Called by backend/simd.py only, which makes the arrays.
#include "arrays.h"
#include "matmul.c"
#include "softmax.c"
#include "attention.c"
#include "norms.c"
#include "activations.c"
#include "loss.c"
#include "embedding.c"
#include "adamw.c"

#define PYTHON(name, n_args)                                                                      \
  static PyObject *py_##name(PyObject *module, PyObject *const *args, Py_ssize_t count) {         \
    Arrays arrays = {.kernel = #name};                                                            \
    if (has_arguments(&arrays, count, n_args)) call_##name(&arrays, args);                        \
    return finished(&arrays);                                                                     \
  }

PYTHON(matmul, 4)
PYTHON(linear, 4)
PYTHON(linear_backward, 6)

static void call_softmax(Arrays *arrays, PyObject *const *args) {  // x, out
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), width = width_of_last(arrays);
  float *out = floats(arrays, args[1], n, WRITE);
  if (!arrays->failed && n) softmax(x, out, n / width, width);
}
PYTHON(softmax, 2)

static void call_softmax_backward(Arrays *arrays, PyObject *const *args) {  // dout, probs, dx
  float *dout = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), width = width_of_last(arrays);
  float *probs = floats(arrays, args[1], n, READ), *dx = floats(arrays, args[2], n, WRITE);
  if (!arrays->failed && n) softmax_backward(dout, probs, dx, n / width, width);
}
PYTHON(softmax_backward, 3)

static void call_hide_future(Arrays *arrays, PyObject *const *args) {  // scores (…, S), T, scale
  float *scores = floats(arrays, args[0], ANY_SIZE, WRITE);
  int n = size_of_last(arrays), S = width_of_last(arrays), T = whole_number(arrays, args[1]);
  float scale = number(arrays, args[2]);
  if (arrays->failed || !n) return;
  if (T < 1 || T > S || (n / S) % T) {
    PyErr_Format(PyExc_ValueError, "hide_future: %d rows of %d do not hold %d tokens", n / S, S, T);
    arrays->failed = 1;
    return;
  }
  hide_future(scores, n / S, S, T, scale);
}
PYTHON(hide_future, 3)

static const Stack NO_STACK;

INLINE Stack stack_of(const Py_buffer *view) {
  Py_ssize_t *step = view->strides;
  return (Stack){view->data, {step[0] / 4, step[1] / 4, step[2] / 4, step[3] / 4}};
}

// An array of four dimensions and any strides; each size must be as given, or is told if it was 0.
static Stack four_dimensional(Arrays *arrays, PyObject *object, Access access, int *sizes[4]) {
  Py_buffer *view = view_of(arrays, object, access | PyBUF_STRIDES);
  if (!view) return NO_STACK;
  int fits = view->ndim == 4 && is_float32(view) && is_aligned(view);
  for (int i = 0; i < 4 && fits; i++) {
    if (*sizes[i] == ANY_SIZE) *sizes[i] = view->shape[i];
    fits = *sizes[i] == view->shape[i];
  }
  if (fits && access == WRITE) fits = view->shape[3] < 2 || view->strides[3] == 4;
  if (fits) return stack_of(view);
  PyErr_Format(PyExc_ValueError, "%s: array %d has the wrong kind, shape or strides",
               arrays->kernel, arrays->count);
  arrays->failed = 1;
  return NO_STACK;
}

// What attention and its backward have in common: sizes, operands, and that they fit the workspace.
static Heads heads_of(Arrays *arrays, PyObject *const *args, Access access) {  // q, k, v, weights
  int free = ANY_SIZE;
  Heads all = {.B = free, .H = free, .K = free, .T = free, .S = free, .D = free};
  all.q = four_dimensional(arrays, args[0], READ, (int *[]){&all.B, &all.H, &all.T, &all.D});
  all.k = four_dimensional(arrays, args[1], READ, (int *[]){&all.B, &all.K, &all.S, &all.D});
  all.v = four_dimensional(arrays, args[2], READ, (int *[]){&all.B, &all.K, &all.S, &all.D});
  all.weights = floats(arrays, args[3], all.B * all.H * all.T * all.S, access);
  if (arrays->failed || (all.K && all.H % all.K == 0 && all.T <= all.S && all.S <= MOST_KEYS
                         && all.D && all.D <= MOST_WIDTH)) return all;
  PyErr_Format(PyExc_ValueError, "%s: %d heads of %d for %d of keys, %d tokens of %d",
               arrays->kernel, all.H, all.D, all.K, all.T, all.S);
  arrays->failed = 1;
  return all;
}

static void call_attention(Arrays *arrays, PyObject *const *args) {
  // q (B, H, T, D), k and v (B, K, S, D), weights (B, H, T, S), out (B, H, T, D)
  Heads all = heads_of(arrays, args, WRITE);
  Stack out = four_dimensional(arrays, args[4], WRITE, (int *[]){&all.B, &all.H, &all.T, &all.D});
  if (!arrays->failed) all_attention(&all, out);
}
PYTHON(attention, 5)

static void call_attention_backward(Arrays *arrays, PyObject *const *args) {
  // q, k, v, weights, dout (B, H, T, D), dq, dk, dv, scores (T, S)
  Heads all = heads_of(arrays, args, READ);
  int *queries[] = {&all.B, &all.H, &all.T, &all.D}, *keys[] = {&all.B, &all.K, &all.S, &all.D};
  Stack dout = four_dimensional(arrays, args[4], READ, queries);
  Stack dq = four_dimensional(arrays, args[5], WRITE, queries);
  Stack dk = four_dimensional(arrays, args[6], WRITE, keys);
  Stack dv = four_dimensional(arrays, args[7], WRITE, keys);
  float *scores = floats(arrays, args[8], all.T * all.S, WRITE);
  if (!arrays->failed) all_attention_backward(&all, dout, dq, dk, dv, scores);
}
PYTHON(attention_backward, 9)

static void call_layernorm(Arrays *arrays, PyObject *const *args) {
  // x, gain, bias, normed, inv_std, out, eps
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), C = width_of_last(arrays), rows = C ? n / C : 0;
  float *gain = floats(arrays, args[1], C, READ), *bias = floats(arrays, args[2], C, READ);
  float *normed = floats(arrays, args[3], n, WRITE), *inv_std = floats(arrays, args[4], rows, WRITE);
  float *out = floats(arrays, args[5], n, WRITE), eps = number(arrays, args[6]);
  if (!arrays->failed) layernorm(x, gain, bias, normed, inv_std, out, rows, C, eps);
}
PYTHON(layernorm, 7)

static void call_rmsnorm(Arrays *arrays, PyObject *const *args) {
  // x, gain, normed, inv_rms, out, eps
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), C = width_of_last(arrays), rows = C ? n / C : 0;
  float *gain = floats(arrays, args[1], C, READ), *normed = floats(arrays, args[2], n, WRITE);
  float *inv_rms = floats(arrays, args[3], rows, WRITE), *out = floats(arrays, args[4], n, WRITE);
  float eps = number(arrays, args[5]);
  if (!arrays->failed) rmsnorm(x, gain, normed, inv_rms, out, rows, C, eps);
}
PYTHON(rmsnorm, 6)

static void call_norm_backward(Arrays *arrays, PyObject *const *args, int has_bias) {
  float *dout = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), C = width_of_last(arrays), rows = C ? n / C : 0;
  float *normed = floats(arrays, args[1], n, READ), *scales = floats(arrays, args[2], rows, READ);
  float *gain = floats(arrays, args[3], C, READ), *dx = floats(arrays, args[4], n, WRITE);
  float *dgain = floats(arrays, args[5], C, WRITE);
  float *dbias = has_bias ? floats(arrays, args[6], C, WRITE) : 0;
  if (!arrays->failed) norm_backward(dout, normed, scales, gain, dx, dgain, dbias, rows, C);
}

static void call_layernorm_backward(Arrays *arrays, PyObject *const *args) {
  call_norm_backward(arrays, args, 1);  // dout, normed, inv_std, gain, dx, dgain, dbias
}
PYTHON(layernorm_backward, 7)

static void call_rmsnorm_backward(Arrays *arrays, PyObject *const *args) {
  call_norm_backward(arrays, args, 0);  // dout, normed, inv_rms, gain, dx, dgain
}
PYTHON(rmsnorm_backward, 6)

static void call_gelu(Arrays *arrays, PyObject *const *args) {  // x, s, out
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays);
  float *s = floats(arrays, args[1], n, WRITE), *out = floats(arrays, args[2], n, WRITE);
  if (!arrays->failed) gelu(x, s, out, n);
}
PYTHON(gelu, 3)

static void call_gelu_backward(Arrays *arrays, PyObject *const *args) {  // dout, x, s, dx
  float *dout = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays);
  float *x = floats(arrays, args[1], n, READ), *s = floats(arrays, args[2], n, READ);
  float *dx = floats(arrays, args[3], n, WRITE);
  if (!arrays->failed) gelu_backward(dout, x, s, dx, n);
}
PYTHON(gelu_backward, 4)

static void call_swiglu(Arrays *arrays, PyObject *const *args) {  // x, s, out
  float *out = floats(arrays, args[2], ANY_SIZE, WRITE);
  int n = size_of_last(arrays), F = width_of_last(arrays);
  float *s = floats(arrays, args[1], n, WRITE), *x = floats(arrays, args[0], 2 * n, READ);
  if (!arrays->failed && n) swiglu(x, s, out, n / F, F);
}
PYTHON(swiglu, 3)

static void call_swiglu_backward(Arrays *arrays, PyObject *const *args) {  // dout, x, s, dx
  float *dout = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), F = width_of_last(arrays);
  float *x = floats(arrays, args[1], 2 * n, READ), *s = floats(arrays, args[2], n, READ);
  float *dx = floats(arrays, args[3], 2 * n, WRITE);
  if (!arrays->failed && n) swiglu_backward(dout, x, s, dx, n / F, F);
}
PYTHON(swiglu_backward, 4)

static void call_add_to(Arrays *arrays, PyObject *const *args) {  // x, out
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays);
  float *out = floats(arrays, args[1], n, WRITE);
  if (!arrays->failed) add_to(x, out, n);
}
PYTHON(add_to, 2)

static void call_sum_rows(Arrays *arrays, PyObject *const *args) {  // x, sums
  float *x = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), width = width_of_last(arrays);
  float *sums = floats(arrays, args[1], width, WRITE);
  if (!arrays->failed) sum_rows(x, sums, width ? n / width : 0, width);
}
PYTHON(sum_rows, 2)

// Every id must be one of `count`.
static void check_ids(Arrays *arrays, const int *ids, int n, int count) {
  for (int i = 0; i < n && !arrays->failed; i++)
    if (ids[i] < 0 || ids[i] >= count) {
      PyErr_Format(PyExc_ValueError, "%s: id %d is not in 0 to %d", arrays->kernel, ids[i],
                   count - 1);
      arrays->failed = 1;
    }
}

static void call_cross_entropy_backward(Arrays *arrays, PyObject *const *args) {
  // probs (…, V), targets (…) int32, dlogits
  float *probs = floats(arrays, args[0], ANY_SIZE, READ);
  int n = size_of_last(arrays), V = width_of_last(arrays), rows = V ? n / V : 0;
  const int *targets = integers(arrays, args[1], rows);
  float *dlogits = floats(arrays, args[2], n, WRITE);
  check_ids(arrays, targets, rows, V);
  if (!arrays->failed) cross_entropy_backward(probs, targets, dlogits, rows, V);
}
PYTHON(cross_entropy_backward, 3)

static void call_add_rows(Arrays *arrays, PyObject *const *args) {
  // dout (…, C), ids (…) int32, dtable (N, C)
  float *dtable = floats(arrays, args[2], ANY_SIZE, WRITE);
  int size = size_of_last(arrays), C = width_of_last(arrays);
  const int *ids = integers(arrays, args[1], ANY_SIZE);
  int places = size_of_last(arrays);
  float *dout = floats(arrays, args[0], places * C, READ);
  check_ids(arrays, ids, places, C ? size / C : 0);
  if (!arrays->failed) add_rows(dout, ids, dtable, places, C);
}
PYTHON(add_rows, 3)

// Where in memory an array begins; its order does not matter.
static PyObject *py_address(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  Arrays arrays = {.kernel = "address"};
  if (!has_arguments(&arrays, count, 1)) return 0;
  Py_buffer *view = view_of(&arrays, args[0], PyBUF_FORMAT | PyBUF_STRIDES);
  long place = view ? (long)view->data : 0;
  PyObject *none = finished(&arrays);
  return none ? PyLong_FromLong(place) : 0;
}

static PyObject *py_sum_of_squares(PyObject *module, PyObject *const *args, Py_ssize_t count) {  // x
  Arrays arrays = {.kernel = "sum_of_squares"};
  if (!has_arguments(&arrays, count, 1)) return 0;
  float *x = floats(&arrays, args[0], ANY_SIZE, READ);
  double sum = arrays.failed ? 0 : sum_of_squares(x, size_of_last(&arrays));
  PyObject *none = finished(&arrays);
  return none ? PyFloat_FromDouble(sum) : 0;
}

static void call_adamw(Arrays *arrays, PyObject *const *args) {
  // weights, grad, mean, square, decay, lr, beta1, beta2, eps, root_correction, correction
  float *weights = floats(arrays, args[0], ANY_SIZE, WRITE);
  int n = size_of_last(arrays);
  float *grad = floats(arrays, args[1], n, READ), *mean = floats(arrays, args[2], n, WRITE);
  float *square = floats(arrays, args[3], n, WRITE), *decay = floats(arrays, args[4], n, READ);
  float settings[6];
  for (int i = 0; i < 6; i++) settings[i] = number(arrays, args[5 + i]);
  if (!arrays->failed)
    adamw(weights, grad, mean, square, decay, n, settings[0], settings[1], settings[2], settings[3],
          settings[4], settings[5]);
}
PYTHON(adamw, 11)

#define METHOD(name) {#name, py_##name, METH_FASTCALL, 0}
static PyMethodDef methods[] = {
  METHOD(matmul), METHOD(linear), METHOD(linear_backward), METHOD(softmax),
  METHOD(softmax_backward), METHOD(hide_future), METHOD(attention), METHOD(attention_backward),
  METHOD(layernorm), METHOD(layernorm_backward), METHOD(rmsnorm), METHOD(rmsnorm_backward),
  METHOD(gelu), METHOD(gelu_backward), METHOD(swiglu), METHOD(swiglu_backward), METHOD(add_to),
  METHOD(sum_rows), METHOD(cross_entropy_backward), METHOD(add_rows), METHOD(sum_of_squares),
  METHOD(adamw), METHOD(address), {0, 0, 0, 0},
};

static PyModuleDef definition = {.object = {1, 0}, .name = "kernels", .state_size = -1,
                                 .methods = methods};

// MODULE, given to the compiler, is the name of this build: _simd or _relaxed.
#define INIT_(name) PyInit_##name
#define INIT(name) INIT_(name)
__attribute__((visibility("default"))) PyObject *INIT(MODULE)(void) {
  if (!workspace) {
    // Aligned by hand to a cache line; never given back, for the module stays until the end.
    unsigned memory = (unsigned)PyMem_RawMalloc(WORKSPACE_FLOATS * sizeof(float) + 64);
    if (!memory) return PyErr_NoMemory();
    workspace = (float *)((memory + 63) & ~63u);
  }
  return PyModule_Create2(&definition, STABLE_ABI);
}
