// From Python's arguments to pointers, with every check that stands between a mistake in Python and
// damaged memory: kind of number, size, order in memory, permission to write.
#pragma once
#include "python.h"

enum { MOST_ARRAYS = 9 };

typedef struct {  // the arrays of one call; `failed` once an error is set
  const char *kernel;
  int count, failed;
  Py_buffer views[MOST_ARRAYS];
} Arrays;

typedef enum { READ = PyBUF_FORMAT, WRITE = PyBUF_FORMAT | PyBUF_WRITABLE } Access;
enum { ANY_SIZE = -1 };

static int is_float32(const Py_buffer *view) {
  return view->itemsize == 4 && view->format && view->format[0] == 'f' && !view->format[1];
}

static int is_int32(const Py_buffer *view) {
  return view->itemsize == 4 && view->format && (view->format[0] == 'i' || view->format[0] == 'l')
         && !view->format[1];
}

// The memory of a Python object, or a failure if it is no array with this layout.
static Py_buffer *view_of(Arrays *arrays, PyObject *object, int flags) {
  if (arrays->failed) return 0;
  Py_buffer *view = &arrays->views[arrays->count];
  if (PyObject_GetBuffer(object, view, flags)) { arrays->failed = 1; return 0; }
  arrays->count++;
  return view;
}

static void *contiguous(Arrays *arrays, PyObject *object, int size, int flags,
                        int (*is_right)(const Py_buffer *), const char *kind) {
  Py_buffer *view = view_of(arrays, object, flags | PyBUF_C_CONTIGUOUS);
  if (!view) return 0;
  int place = arrays->count;
  if (!is_right(view)) {
    PyErr_Format(PyExc_TypeError, "%s: array %d must be %s, got format '%s'",
                 arrays->kernel, place, kind, view->format);
  } else if (size != ANY_SIZE && view->bytes / 4 != size) {
    PyErr_Format(PyExc_ValueError, "%s: array %d has %zd values, expected %d",
                 arrays->kernel, place, view->bytes / 4, size);
  } else {
    return view->data;
  }
  arrays->failed = 1;
  return 0;
}

static float *floats(Arrays *arrays, PyObject *object, int size, Access access) {
  return contiguous(arrays, object, size, access, is_float32, "float32");
}

static const int *integers(Arrays *arrays, PyObject *object, int size) {
  return contiguous(arrays, object, size, READ, is_int32, "int32");
}

// How many values the last array taken has, and how many along its last axis.
static int size_of_last(const Arrays *arrays) {
  return arrays->count ? arrays->views[arrays->count - 1].bytes / 4 : 0;
}

static int width_of_last(const Arrays *arrays) {
  if (!arrays->count) return 0;
  const Py_buffer *view = &arrays->views[arrays->count - 1];
  return view->ndim ? view->shape[view->ndim - 1] : 1;
}

static int has_arguments(Arrays *arrays, Py_ssize_t got, int expected) {
  if (got == expected) return 1;
  PyErr_Format(PyExc_TypeError, "%s takes %d arguments, got %zd", arrays->kernel, expected, got);
  arrays->failed = 1;
  return 0;
}

static int whole_number(Arrays *arrays, PyObject *object) {
  if (arrays->failed) return 0;
  long value = PyLong_AsLong(object);
  if (value == -1 && PyErr_Occurred()) arrays->failed = 1;
  return (int)value;
}

static float number(Arrays *arrays, PyObject *object) {
  if (arrays->failed) return 0;
  double value = PyFloat_AsDouble(object);
  if (value == -1 && PyErr_Occurred()) arrays->failed = 1;
  return (float)value;
}

// Give the arrays back; None, or the error.
static PyObject *finished(Arrays *arrays) {
  for (int i = 0; i < arrays->count; i++) PyBuffer_Release(&arrays->views[i]);
  return arrays->failed ? 0 : Py_GetConstant(0);
}
