// What a second thread runs: a WebAssembly module without Python, which waits in a memory that it
// shares with the first thread, computes the product that is put there, and waits again.
#include "gemm.c"

enum { IDLE, ASKED, DONE };
enum { LOOKS = 2000 };  // before it sleeps, for waking takes as long as a small product

typedef struct {
  int state, M, N, K;
  Matrix a, b;
  float *out;  // (M, N), rows side by side
} Task;

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
  large_product(task.M, task.N, task.K, task.a, task.b, (Matrix){task.out, task.N, 1}, 0);
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
