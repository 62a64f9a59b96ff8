// The product of two matrices, out = a·b, in blocks that stay in the processor's caches.
//
// A multiplication needs three numbers; fetching them takes longer than multiplying. So a tile of
// the result, TILE_ROWS × TILE_COLUMNS, is kept in registers while one column of a meets one row of
// b, step by step along k: each number that is fetched is used many times. Before that, a and b are
// copied ("packed") into the very order in which the tile will read them, which makes any strides,
// a transposed view's too, as fast as straight ones.
//
//        k            columns
//    ┌───────┐      ┌─────────┐       ┌──────┬──┐
//    │ a     │  ·   │ b       │k  =   │ tile │  │ rows
//    └───────┘      └─────────┘       └──────┴──┘
//
// (Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication".)
#pragma once
#include "vectors.h"

typedef struct {  // a matrix somewhere in memory; strides count floats and may be negative or 0
  float *data;
  int row_stride, column_stride;
} Matrix;

// An x86 processor has 16 registers for fours, of which a browser keeps one to itself: 12 sums, 2 fours
// of b and 1 of a fill them. Without relaxed SIMD each product passes through one more.
#ifdef RELAXED
enum { TILE_ROWS = 6 };
#else
enum { TILE_ROWS = 4 };
#endif
enum {
  TILE_FOURS = 2, TILE_COLUMNS = 4 * TILE_FOURS,
  BLOCK_K = 256, BLOCK_COLUMNS = 512,  // packed b: 512 KiB
  BLOCK_ROWS = 16 * TILE_ROWS,         // packed a: 64 or 96 KiB
  WORKSPACE_FLOATS = BLOCK_K * (BLOCK_COLUMNS + BLOCK_ROWS) + TILE_ROWS * TILE_COLUMNS,
};

static float *workspace;  // set once by the module; only one product runs at a time

INLINE int smaller(int a, int b) { return a < b ? a : b; }

// The compiler may not move the making of this value past another one that stays. Left alone it
// gathers the values of a of all rows first; they do not fit beside the sums, some of which then go
// to memory and back in each step: half the speed.
#define STAY_HERE(value) __asm__ volatile("" : "+r"(value))

// The first `rows` rows of one tile: out = start + packed a (depth × TILE_ROWS) · packed b
// (depth × TILE_COLUMNS), where start is out itself, other numbers in rows, one row for all (stride
// 0), or nothing (null). `rows` is known to the compiler.
INLINE void tile(const int rows, int depth, const float *a, const float *b, const float *start,
                 int start_stride, float *out, int out_stride) {
  Four sums[TILE_ROWS][TILE_FOURS];
#pragma unroll
  for (int i = 0; i < rows; i++)
#pragma unroll
    for (int j = 0; j < TILE_FOURS; j++) sums[i][j] = all(0);
  for (int k = 0; k < depth; k++, a += TILE_ROWS, b += TILE_COLUMNS) {
    Four row[TILE_FOURS];
#pragma unroll
    for (int j = 0; j < TILE_FOURS; j++) row[j] = load(b + 4 * j);
#pragma unroll
    for (int i = 0; i < rows; i++) {
      Four value = wasm_v128_load32_splat(a + i);
      STAY_HERE(value);
#pragma unroll
      for (int j = 0; j < TILE_FOURS; j++) {
        sums[i][j] = mul_add(value, row[j], sums[i][j]);
        STAY_HERE(sums[i][j]);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < rows; i++)
#pragma unroll
    for (int j = 0; j < TILE_FOURS; j++) {
      Four sum = sums[i][j];
      if (start) sum = add(load(start + i * start_stride + 4 * j), sum);
      store(out + i * out_stride + 4 * j, sum);
    }
}

// A tile at the lower edge, of fewer rows: a loop of its own for each number of them.
static void low_tile(int rows, int depth, const float *a, const float *b, const float *start,
                     int start_stride, float *out, int out_stride) {
#define ROWS(n) case n: tile(n, depth, a, b, start, start_stride, out, out_stride); break
  switch (rows) { ROWS(1); ROWS(2); ROWS(3); ROWS(4); ROWS(5); }
#undef ROWS
}

// Turn four fours, so that what lay below each other lies side by side.
INLINE void transpose(Four v[4]) {
  Four a = wasm_i32x4_shuffle(v[0], v[1], 0, 4, 1, 5), b = wasm_i32x4_shuffle(v[0], v[1], 2, 6, 3, 7);
  Four c = wasm_i32x4_shuffle(v[2], v[3], 0, 4, 1, 5), d = wasm_i32x4_shuffle(v[2], v[3], 2, 6, 3, 7);
  v[0] = wasm_i64x2_shuffle(a, c, 0, 2); v[1] = wasm_i64x2_shuffle(a, c, 1, 3);
  v[2] = wasm_i64x2_shuffle(b, d, 0, 2); v[3] = wasm_i64x2_shuffle(b, d, 1, 3);
}

// Copy `width` columns of b, TILE_COLUMNS of them side by side for each k, then the next ones; the
// last ones are filled up with zeros. Straight and transposed sources go four at a time.
static void pack_b(float *to, Matrix b, int depth, int width) {
  for (int j = 0; j < width; j += TILE_COLUMNS) {
    const float *from = b.data + j * b.column_stride;
    int columns = smaller(TILE_COLUMNS, width - j), k = 0;
    if (columns == TILE_COLUMNS && b.column_stride == 1) {
      for (; k < depth; k++, to += TILE_COLUMNS)
#pragma unroll
        for (int q = 0; q < TILE_FOURS; q++) store(to + 4 * q, load(from + k * b.row_stride + 4 * q));
    } else if (columns == TILE_COLUMNS && b.row_stride == 1) {
      for (; k + 4 <= depth; k += 4, to += 4 * TILE_COLUMNS)
#pragma unroll
        for (int q = 0; q < TILE_FOURS; q++) {
          const float *corner = from + k + 4 * q * b.column_stride;
          Four v[4];
#pragma unroll
          for (int i = 0; i < 4; i++) v[i] = load(corner + i * b.column_stride);
          transpose(v);
#pragma unroll
          for (int i = 0; i < 4; i++) store(to + i * TILE_COLUMNS + 4 * q, v[i]);
        }
    }
    for (; k < depth; k++, to += TILE_COLUMNS)
      for (int q = 0; q < TILE_COLUMNS; q++)
        to[q] = q < columns ? from[k * b.row_stride + q * b.column_stride] : 0;
  }
}

// Four steps along k of one whole tile of a, whose rows lie straight: 4 rows turned, then 2 more.
INLINE void pack_straight_rows(float *to, const float *from, int stride) {
  Four v[4];
#pragma unroll
  for (int i = 0; i < 4; i++) v[i] = load(from + i * stride);
  transpose(v);
#pragma unroll
  for (int i = 0; i < 4; i++) store(to + i * TILE_ROWS, v[i]);
  if (TILE_ROWS == 4) return;
  Four x = load(from + 4 * stride), y = load(from + 5 * stride);
  Four first = wasm_i32x4_shuffle(x, y, 0, 4, 1, 5), last = wasm_i32x4_shuffle(x, y, 2, 6, 3, 7);
  wasm_v128_store64_lane(to + 4, first, 0);
  wasm_v128_store64_lane(to + TILE_ROWS + 4, first, 1);
  wasm_v128_store64_lane(to + 2 * TILE_ROWS + 4, last, 0);
  wasm_v128_store64_lane(to + 3 * TILE_ROWS + 4, last, 1);
}

// One step along k of one whole tile of a, whose columns lie straight.
INLINE void pack_straight_column(float *to, const float *from) {
  store(to, load(from));
  if (TILE_ROWS == 6) wasm_v128_store64_lane(to + 4, wasm_v128_load64_zero(from + 4), 0);
}

// Copy `height` rows of a, TILE_ROWS of them side by side for each k, then the next ones; the last
// ones are filled up with zeros.
static void pack_a(float *to, Matrix a, int depth, int height) {
  for (int i = 0; i < height; i += TILE_ROWS) {
    const float *from = a.data + i * a.row_stride;
    int rows = smaller(TILE_ROWS, height - i), k = 0;
    if (rows == TILE_ROWS && a.column_stride == 1)
      for (; k + 4 <= depth; k += 4, to += 4 * TILE_ROWS)
        pack_straight_rows(to, from + k, a.row_stride);
    else if (rows == TILE_ROWS && a.row_stride == 1)
      for (; k < depth; k++, to += TILE_ROWS) pack_straight_column(to, from + k * a.column_stride);
    for (; k < depth; k++, to += TILE_ROWS)
      for (int q = 0; q < TILE_ROWS; q++)
        to[q] = q < rows ? from[k * a.column_stride + q * a.row_stride] : 0;
  }
}

// A tile that sticks out over the right edge of the result: compute it aside, copy what is inside.
static void edge_tile(int depth, const float *a, const float *b, float *aside, Matrix start,
                      Matrix out, int rows, int columns) {
  tile(TILE_ROWS, depth, a, b, 0, 0, aside, TILE_COLUMNS);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) {
      float first = start.data ? start.data[i * start.row_stride + j] : 0;
      out.data[i * out.row_stride + j] = first + aside[i * TILE_COLUMNS + j];
    }
}

// The same matrix from another corner on; nothing stays nothing.
INLINE Matrix from_corner(Matrix m, int row, int column) {
  if (m.data) m.data += row * m.row_stride + column * m.column_stride;
  return m;
}

// The tiles of one block of the result, from packed a and packed b. Of b, `b_depth` rows were
// packed; the product may take fewer.
static void block(int depth, int height, int width, const float *packed_a, const float *packed_b,
                  int b_depth, float *aside, Matrix start, Matrix out) {
  for (int j = 0; j < width; j += TILE_COLUMNS)
    for (int i = 0; i < height; i += TILE_ROWS) {
      const float *a = packed_a + i * depth, *b = packed_b + j * b_depth;
      Matrix first = from_corner(start, i, j), here = from_corner(out, i, j);
      int rows = smaller(TILE_ROWS, height - i), columns = smaller(TILE_COLUMNS, width - j);
      if (columns < TILE_COLUMNS)
        edge_tile(depth, a, b, aside, first, here, rows, columns);
      else if (rows == TILE_ROWS)
        tile(TILE_ROWS, depth, a, b, first.data, first.row_stride, here.data, here.row_stride);
      else
        low_tile(rows, depth, a, b, first.data, first.row_stride, here.data, here.row_stride);
    }
}

static const Matrix NOTHING = {0, 0, 0};

// out (M, N) = start + a (M, K) · b (K, N). The columns of out, and those of start, which may be
// out itself or NOTHING, lie side by side.
static void large_product(int M, int N, int K, Matrix a, Matrix b, Matrix start, Matrix out) {
  float *packed_b = workspace, *packed_a = packed_b + BLOCK_K * BLOCK_COLUMNS;
  float *aside = packed_a + BLOCK_K * BLOCK_ROWS;
  for (int j = 0; j < N; j += BLOCK_COLUMNS) {
    int width = smaller(BLOCK_COLUMNS, N - j);
    for (int k = 0; k < K; k += BLOCK_K) {
      int depth = smaller(BLOCK_K, K - k);
      pack_b(packed_b, from_corner(b, k, j), depth, width);
      for (int i = 0; i < M; i += BLOCK_ROWS) {
        int height = smaller(BLOCK_ROWS, M - i);
        pack_a(packed_a, from_corner(a, i, k), depth, height);
        block(depth, height, width, packed_a, packed_b, depth, aside,
              from_corner(k ? out : start, i, j), from_corner(out, i, j));
      }
    }
  }
}
