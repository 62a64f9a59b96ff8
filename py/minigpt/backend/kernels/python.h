// The few parts of Python's C interface that the kernels use, written out so that no header file
// has to be installed. All of them belong to the stable ABI (docs.python.org/3/c-api/stable.html),
// laid out for a machine with 32-bit pointers, which WebAssembly is.
#pragma once

typedef int Py_ssize_t;
typedef struct { Py_ssize_t references; void *type; } PyObject;

typedef struct {  // a look at the memory of an array (PEP 3118)
  void *data;
  PyObject *owner;
  Py_ssize_t bytes, itemsize;
  int readonly, ndim;
  const char *format;
  Py_ssize_t *shape, *strides, *suboffsets;  // strides count bytes
  void *internal;
} Py_buffer;

enum { PyBUF_WRITABLE = 0x1, PyBUF_FORMAT = 0x4, PyBUF_STRIDES = 0x18, PyBUF_C_CONTIGUOUS = 0x38 };

typedef PyObject *(*PyFastFunction)(PyObject *module, PyObject *const *args, Py_ssize_t count);
typedef struct { const char *name; PyFastFunction function; int flags; const char *doc; } PyMethodDef;
enum { METH_FASTCALL = 0x80 };

typedef struct {
  PyObject object;
  void *init; Py_ssize_t index; void *copy;
  const char *name, *doc;
  Py_ssize_t state_size;
  PyMethodDef *methods;
  void *slots, *traverse, *clear, *free;
} PyModuleDef;
enum { STABLE_ABI = 3 };

extern PyObject *PyModule_Create2(PyModuleDef *definition, int api_version);
extern PyObject *PyErr_Format(PyObject *kind, const char *sentence, ...);
extern PyObject *PyErr_Occurred(void);
extern PyObject *PyErr_NoMemory(void);
extern PyObject *PyExc_ValueError, *PyExc_TypeError;
extern PyObject *Py_GetConstant(unsigned which);  // 0: None
extern long PyLong_AsLong(PyObject *);
extern PyObject *PyLong_FromLong(long);
extern double PyFloat_AsDouble(PyObject *);
extern PyObject *PyFloat_FromDouble(double);
extern int PyObject_GetBuffer(PyObject *, Py_buffer *, int flags);
extern void PyBuffer_Release(Py_buffer *);
extern void *PyMem_RawMalloc(unsigned bytes);
