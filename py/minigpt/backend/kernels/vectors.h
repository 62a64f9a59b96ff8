// Four float32 at a time: the words in which the kernels are written, and e^x.
#pragma once
#include <wasm_simd128.h>

typedef v128_t Four;  // four float32
#define INLINE static inline __attribute__((always_inline))

INLINE Four all(float x) { return wasm_f32x4_splat(x); }
INLINE Four load(const float *from) { return wasm_v128_load(from); }
INLINE void store(float *to, Four x) { wasm_v128_store(to, x); }
INLINE Four add(Four a, Four b) { return wasm_f32x4_add(a, b); }
INLINE Four sub(Four a, Four b) { return wasm_f32x4_sub(a, b); }
INLINE Four mul(Four a, Four b) { return wasm_f32x4_mul(a, b); }
INLINE Four divide(Four a, Four b) { return wasm_f32x4_div(a, b); }
INLINE Four larger(Four a, Four b) { return wasm_f32x4_pmax(a, b); }

// a·b + c and c − a·b. "Relaxed" SIMD rounds once and takes one instruction where the processor
// has it; it came later to browsers, so the module is built both ways.
#ifdef RELAXED
INLINE Four mul_add(Four a, Four b, Four c) { return wasm_f32x4_relaxed_madd(a, b, c); }
INLINE Four sub_mul(Four c, Four a, Four b) { return wasm_f32x4_relaxed_nmadd(a, b, c); }
#else
INLINE Four mul_add(Four a, Four b, Four c) { return add(mul(a, b), c); }
INLINE Four sub_mul(Four c, Four a, Four b) { return sub(c, mul(a, b)); }
#endif

INLINE float sum_of(Four v) {
  v = add(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1);
}

INLINE float largest_of(Four v) {
  v = larger(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  return wasm_f32x4_extract_lane(larger(v, wasm_i32x4_shuffle(v, v, 1, 0, 3, 2)), 0);
}

// The end of a row that is not a multiple of four: `count` (1 to 3) floats, the rest `filler`.
INLINE Four load_some(const float *from, int count, float filler) {
  Four v = wasm_v128_load32_lane(from, all(filler), 0);
  if (count > 1) v = wasm_v128_load32_lane(from + 1, v, 1);
  if (count > 2) v = wasm_v128_load32_lane(from + 2, v, 2);
  return v;
}

INLINE void store_some(float *to, Four v, int count) {
  wasm_v128_store32_lane(to, v, 0);
  if (count > 1) wasm_v128_store32_lane(to + 1, v, 1);
  if (count > 2) wasm_v128_store32_lane(to + 2, v, 2);
}

// Do something for the floats i to i+3, for i = 0, 4, …; at the end with `left` < 4, the count of the
// floats still there. GET and PUT read and write a whole four or such an end.
#define FOR_FOURS(n, ...) do {                                                                    \
    int i = 0;                                                                                    \
    { enum { left = 4 }; for (; i + 4 <= (n); i += 4) { __VA_ARGS__ } }                           \
    if (i < (n)) { const int left = (n) - i; { __VA_ARGS__ } }                                    \
  } while (0)
#define GET(p) (left == 4 ? load((p) + i) : load_some((p) + i, left, 0))
#define PUT(p, v) do { if (left == 4) store((p) + i, v); else store_some((p) + i, v, left); } while (0)

// Keep a value that was made before a loop instead of making it again in each round: a constant of
// four floats takes a browser several instructions.
#define MADE_ONCE(value) __asm__ volatile("" : "+r"(value))

typedef struct { Four floor, ceiling, log2_e, rounder, ln2_high, ln2_low, terms[6], one, bias; } Exp;

// What exp_of needs, to be made once before a loop.
INLINE Exp exp_constants(void) {
  Exp e = {all(-88.0f), all(88.0f), all(1.44269504f), all(12582912.0f), all(0.693359375f),
           all(-2.12194440e-4f),
           {all(1.9875691500e-4f), all(1.3981999507e-3f), all(8.3334519073e-3f),
            all(4.1665795894e-2f), all(1.6666665459e-1f), all(5.0000001201e-1f)},
           all(1), wasm_i32x4_splat(127)};
  MADE_ONCE(e.floor); MADE_ONCE(e.ceiling); MADE_ONCE(e.log2_e); MADE_ONCE(e.rounder);
  MADE_ONCE(e.ln2_high); MADE_ONCE(e.ln2_low); MADE_ONCE(e.one); MADE_ONCE(e.bias);
#pragma unroll
  for (int i = 0; i < 6; i++) MADE_ONCE(e.terms[i]);
  return e;
}

// e^x to about 1e-7: x = n·ln 2 + r, so e^x = 2ⁿ·e^r, with a polynomial for |r| ≤ ln 2 / 2
// (coefficients: Moshier, Cephes expf). Below −87.7, near the end of float32, and at −∞ it gives 0;
// above 88 it gives e^88.
INLINE Four exp_of(Four x, Exp e) {
  x = larger(wasm_f32x4_pmin(x, e.ceiling), e.floor);  // NaN passes both
  // Adding 1.5·2²³ leaves no room for a fraction: the low bits of the sum are n, rounded.
  Four shifted = add(mul(x, e.log2_e), e.rounder);
  Four n = sub(shifted, e.rounder);
  Four r = sub_mul(sub_mul(x, n, e.ln2_high), n, e.ln2_low);  // ln 2, two parts
  Four y = e.terms[0];
#pragma unroll
  for (int i = 1; i < 6; i++) y = mul_add(y, r, e.terms[i]);
  y = mul_add(y, mul(r, r), add(r, e.one));
  // n = −127 makes all bits of 2ⁿ zero, and the product 0.
  return mul(y, wasm_i32x4_shl(wasm_i32x4_add(shifted, e.bias), 23));
}

// 1 / (1 + e^-x)
INLINE Four sigmoid_of(Four x, Exp e) {
  return divide(e.one, add(e.one, exp_of(wasm_f32x4_neg(x), e)));
}
