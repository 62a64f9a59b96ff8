// What a second thread runs: a WebAssembly module without Python, which waits in a memory that it
// shares with the first thread, computes the products that are put there, and waits again.
#include "gemm.c"

enum { IDLE, ASKED, DONE };
// Some 0.1 ms before it sleeps: often the next product comes sooner, and waking takes about as long
enum { LOOKS = 100000 };

typedef struct {  // out (M, N) = start + a (M, K) · b (K, N), rows side by side; see gemm.c
  int M, N, K;
  Matrix a, b;
  float *start;  // one row that serves all, or null
  float *out;
} Product;

typedef struct { int state, count; Product products[2]; } Task;

Task task;
static float packed[WORKSPACE_FLOATS] __attribute__((aligned(64)));

static int state_now(void) { return __atomic_load_n(&task.state, __ATOMIC_SEQ_CST); }

static void wait_for_task(void) {
  for (int look = 0; look < LOOKS; look++) if (state_now() == ASKED) return;
  for (int state = state_now(); state != ASKED; state = state_now())
    __builtin_wasm_memory_atomic_wait32(&task.state, state, -1);
}

// Not part of serve: a browser makes a function fast when it is entered again, and serve never is.
__attribute__((noinline)) static void compute(void) {
  for (int i = 0; i < task.count; i++) {
    Product *it = &task.products[i];
    large_product(it->M, it->N, it->K, it->a, it->b, (Matrix){it->start, 0, 1},
                  (Matrix){it->out, it->N, 1});
  }
}

// Never returns.
void serve(void) {
  for (workspace = packed;;) {
    wait_for_task();
    compute();
    __atomic_store_n(&task.state, DONE, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(&task.state, 1);
  }
}
