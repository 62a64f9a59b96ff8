// What a helper thread runs: a WebAssembly module without Python, which waits in a memory that it
// shares with the first thread, carries out the program that is put there, and waits again.
//
// A program is a list of commands, of 32-bit words each: how many words it takes, which kernel, the
// kernel's arguments; a 0 ends it. Arrays are told by their place, in bytes from the end of this
// module's own memory on. (backend/plan.py writes them.)
#include "linear.c"
#include "attention.c"
#include "norms.c"
#include "activations.c"
#include "loss.c"
#include "embedding.c"
#include "elementwise.c"

enum { IDLE, ASKED, DONE };
// Some 0.1 ms before it sleeps: often the next product comes sooner, and waking takes about as long
enum { LOOKS = 100000 };

typedef struct { int state, program, carried_out; } Task;

Task task;
static float packed[WORKSPACE_FLOATS] __attribute__((aligned(64)));
extern char __heap_base;

INLINE void *at(int place) { return (void *)((((unsigned)&__heap_base + 63) & ~63u) + place); }
INLINE float *floats(int place) { return place < 0 ? 0 : at(place); }
INLINE float number(int word) { return ((union { int word; float number; }){word}).number; }
INLINE Matrix matrix(const int *w) { return (Matrix){floats(w[0]), w[1], w[2]}; }
INLINE Stack stack(const int *w) { return (Stack){floats(w[0]), {w[1], w[2], w[3], w[4]}}; }

INLINE Heads heads(const int *w) {  // B, H, K, T, S, D, q, k, v, weights
  return (Heads){w[0], w[1], w[2], w[3], w[4], w[5], stack(w + 6), stack(w + 11), stack(w + 16),
                 floats(w[21])};
}

// Each kernel with the words of its arguments, in the order of COMMANDS in commands.py.
#define F(i) floats(w[i])
#define KERNELS(X)                                                                                \
  X(product,                                                                                      \
    product(w[0], w[1], w[2], matrix(w + 3), matrix(w + 6), matrix(w + 9), matrix(w + 12)))       \
  X(linear_backward,                                                                              \
    linear_backward(F(0), F(1), matrix(w + 2), F(5), F(6), F(7), w[8], w[9], w[10]))              \
  X(attention, Heads all = heads(w); all_attention(&all, stack(w + 22)))                          \
  X(attention_backward, Heads all = heads(w);                                                     \
    all_attention_backward(&all, stack(w + 22), stack(w + 27), stack(w + 32), stack(w + 37),      \
                           F(42)))                                                                \
  X(softmax, softmax(F(0), F(1), w[2], w[3]))                                                     \
  X(chosen_of, chosen_of(F(0), at(w[1]), F(2), w[3], w[4]))                                       \
  X(cross_entropy_backward, cross_entropy_backward(F(0), at(w[1]), F(2), w[3], w[4]))             \
  X(layernorm, layernorm(F(0), F(1), F(2), F(3), F(4), F(5), w[6], w[7], number(w[8])))           \
  X(rmsnorm, rmsnorm(F(0), F(1), F(2), F(3), F(4), w[5], w[6], number(w[7])))                     \
  X(norm_backward, norm_backward(F(0), F(1), F(2), F(3), F(4), F(5), F(6), w[7], w[8]))           \
  X(gelu, gelu(F(0), F(1), F(2), w[3]))                                                           \
  X(gelu_backward, gelu_backward(F(0), F(1), F(2), F(3), w[4]))                                   \
  X(swiglu, swiglu(F(0), F(1), F(2), w[3], w[4]))                                                 \
  X(swiglu_backward, swiglu_backward(F(0), F(1), F(2), F(3), w[4], w[5]))                         \
  X(take_rows, take_rows(F(0), at(w[1]), F(2), w[3], w[4]))                                       \
  X(add_rows, add_rows(F(0), at(w[1]), F(2), w[3], w[4]))                                         \
  X(sum_rows, sum_rows(F(0), F(1), w[2], w[3]))                                                   \
  X(turned, turned_pairs(F(0), F(1), F(2), F(3), w[4], w[5], w[6]))                               \
  X(elementwise, elementwise(w[0], w + 1, F(5), w + 6, F(10), w + 11, F(15), w + 16))

// Functions of their own: a browser makes a function fast when it is entered again and again.
#define FUNCTION(name, ...) static void run_##name(const int *w) { __VA_ARGS__; }
KERNELS(FUNCTION)
#define NAME(name, ...) run_##name,
static void (*const kernels[])(const int *) = {KERNELS(NAME)};

static void carry_out(const int *w) {
  for (; w[0]; w += w[0]) {
    kernels[w[1]](w + 2);
    __atomic_fetch_add(&task.carried_out, 1, __ATOMIC_SEQ_CST);
  }
}

static int state_now(void) { return __atomic_load_n(&task.state, __ATOMIC_SEQ_CST); }

static void wait_for_task(void) {
  for (int look = 0; look < LOOKS; look++) if (state_now() == ASKED) return;
  for (int state = state_now(); state != ASKED; state = state_now())
    __builtin_wasm_memory_atomic_wait32(&task.state, state, -1);
}

// Never returns.
void serve(void) {
  for (workspace = packed;;) {
    wait_for_task();
    carry_out(at(task.program));
    __atomic_store_n(&task.state, DONE, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(&task.state, 1);
  }
}
