// Causal attention, head by head: scores, softmax and weighted sum in one call, and their backward.
// One head's numbers fit the processor's nearest cache, so each step finds there what the one
// before has left. Work goes by blocks of tokens, and what the future hides from a whole block is not
// computed at all. (nn/attention.py has the equations.)
#pragma once
#include "softmax.c"
#include "gemm.c"

enum {
  BLOCK_TOKENS = 24,               // a whole number of tiles of either build
  MOST_KEYS = 512, MOST_WIDTH = 128,  // S and D for which the workspace has room
};
_Static_assert(BLOCK_TOKENS * MOST_KEYS <= BLOCK_ROWS * BLOCK_K
               && MOST_KEYS * MOST_WIDTH <= BLOCK_K * BLOCK_COLUMNS, "the workspace is too small");

typedef struct {  // (batch, heads, rows, D), anywhere in memory; the steps count floats
  float *data;
  int steps[4];
} Stack;

typedef struct {  // q (B, H, T, D), k and v (B, K, S, D), weights (B, H, T, S) contiguous
  int B, H, K, T, S, D;
  Stack q, k, v;
  float *weights;
} Heads;

typedef struct {  // q (T, D), k and v (S, D) of one head, and places for its results
  int T, S, D;
  float scale;
  Matrix q, k, v;
  float *weights;  // (T, S)
} Head;

// The last of the S tokens that token t of the T may look at, and so how many it sees.
INLINE int seen_by(const Head *head, int t) { return head->S - head->T + t + 1; }

INLINE Matrix turned(Matrix m) { return (Matrix){m.data, m.column_stride, m.row_stride}; }

INLINE float *packed_b_here(void) { return workspace; }
INLINE float *packed_a_here(void) { return workspace + BLOCK_K * BLOCK_COLUMNS; }
INLINE float *aside_here(void) { return packed_a_here() + BLOCK_K * BLOCK_ROWS; }

// out (height, width) = the first `depth` columns of a · the packed b, from its row `from` on.
static void times_packed(Matrix a, int height, int depth, int width, int from, int b_depth,
                         Matrix out, int adding) {
  pack_a(packed_a_here(), a, depth, height);
  block(depth, height, width, packed_a_here(), packed_b_here() + from * TILE_COLUMNS, b_depth,
        aside_here(), adding ? out : NOTHING, out);
}

#define FOR_BLOCKS(n, ...)                                                                        \
  for (int start = 0; start < (n); start += BLOCK_TOKENS) {                                       \
    int height = smaller(BLOCK_TOKENS, (n) - start);                                              \
    __VA_ARGS__                                                                                   \
  }

// to (T, S) = x (T, D) · ys (S, D)ᵀ where not hidden; hidden places keep what they held.
static void dots(const Head *head, Matrix x, Matrix ys, float *to) {
  pack_b(packed_b_here(), turned(ys), head->D, head->S);
  FOR_BLOCKS(head->T, {
    times_packed(from_corner(x, start, 0), height, head->D, seen_by(head, start + height - 1), 0,
                 head->D, (Matrix){to + start * head->S, head->S, 1}, 0);
  })
}

// to (T, D) = shares (T, S) · ys (S, D): each token gathers from those before it.
static void gather(const Head *head, const float *shares, Matrix ys, Matrix to) {
  pack_b(packed_b_here(), ys, head->S, head->D);
  FOR_BLOCKS(head->T, {
    Matrix rows = {(float *)shares + start * head->S, head->S, 1};
    times_packed(rows, height, seen_by(head, start + height - 1), head->D, 0, head->S,
                 from_corner(to, start, 0), 0);
  })
}

// to (S, D) = shares (T, S)ᵀ · xs (T, D), or added to it: each token gets from those after it.
static void scatter(const Head *head, const float *shares, Matrix xs, Matrix to, int adding) {
  pack_b(packed_b_here(), xs, head->T, head->D);
  FOR_BLOCKS(head->S, {
    int first = start - (head->S - head->T);  // the first token that sees any of this block
    if (first < 0) first = 0;
    Matrix columns = {(float *)shares + first * head->S + start, 1, head->S};
    times_packed(columns, height, head->T - first, head->D, first, head->T,
                 from_corner(to, start, 0), adding);
  })
}

// weights = softmax(q kᵀ · scale), the future hidden; out (T, D) = weights v.
static void attention(const Head *head, Matrix out) {
  Exp constants = exp_constants();
  dots(head, head->q, head->k, head->weights);
  for (int t = 0; t < head->T; t++) {
    float *row = head->weights + t * head->S;
    softmax_row(row, row, seen_by(head, t), head->scale, constants);
    for (int s = seen_by(head, t); s < head->S; s++) row[s] = 0;
  }
  gather(head, head->weights, head->v, out);
}

// dq (T, D), dk and dv (S, D) from dout (T, D); dk and dv are added to if an earlier query head
// used the same keys. `scores` (T, S) is room for their gradient.
static void attention_backward(const Head *head, Matrix dout, float *scores, Matrix dq, Matrix dk,
                               Matrix dv, int adding) {
  scatter(head, head->weights, dout, dv, adding);
  dots(head, dout, head->v, scores);
  for (int t = 0; t < head->T; t++) {
    float *row = scores + t * head->S;
    softmax_backward_row(row, head->weights + t * head->S, row, seen_by(head, t), head->scale);
    for (int s = seen_by(head, t); s < head->S; s++) row[s] = 0;
  }
  gather(head, scores, head->k, dq);
  scatter(head, scores, head->q, dk, adding);
}

// The matrix (rows, D) of a batch's row and one of its heads.
INLINE Matrix matrix_at(Stack all, int b, int h) {
  return (Matrix){all.data + b * all.steps[0] + h * all.steps[1], all.steps[2], all.steps[3]};
}

INLINE Head head_at(const Heads *all, int b, int h) {
  int group = h / (all->H / all->K);
  return (Head){all->T, all->S, all->D, 1 / __builtin_sqrtf(all->D), matrix_at(all->q, b, h),
                matrix_at(all->k, b, group), matrix_at(all->v, b, group),
                all->weights + (b * all->H + h) * all->T * all->S};
}

static void all_attention(const Heads *all, Stack out) {  // out (B, H, T, D)
  for (int b = 0; b < all->B; b++)
    for (int h = 0; h < all->H; h++) {
      Head head = head_at(all, b, h);
      attention(&head, matrix_at(out, b, h));
    }
}

// dout and dq (B, H, T, D), dk and dv (B, K, S, D), room for scores (T, S)
static void all_attention_backward(const Heads *all, Stack dout, Stack dq, Stack dk, Stack dv,
                                   float *scores) {
  int group = all->H / all->K;
  for (int b = 0; b < all->B; b++)
    for (int h = 0; h < all->H; h++) {
      Head head = head_at(all, b, h);
      attention_backward(&head, matrix_at(dout, b, h), scores, matrix_at(dq, b, h),
                         matrix_at(dk, b, h / group), matrix_at(dv, b, h / group), h % group);
    }
}
