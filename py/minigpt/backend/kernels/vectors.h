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

// e^x to about 1e-7: x = n·ln 2 + r, so e^x = 2ⁿ·e^r, with a polynomial for |r| ≤ ln 2 / 2
// (coefficients: Moshier, Cephes expf). Below −87.3, where float32 ends, and at −∞ it gives 0;
// above 88 it gives e^88.
INLINE Four exp_of(Four x) {
  Four is_zero = wasm_f32x4_lt(x, all(-87.33654f)), is_nan = wasm_f32x4_ne(x, x), asked = x;
  x = larger(wasm_f32x4_pmin(x, all(88.0f)), all(-87.33654f));
  // Adding 1.5·2²³ leaves no room for a fraction: the low bits of the sum are n, rounded.
  Four shifted = add(mul(x, all(1.44269504f)), all(12582912.0f));
  Four n = sub(shifted, all(12582912.0f));
  Four r = sub_mul(sub_mul(x, n, all(0.693359375f)), n, all(-2.12194440e-4f));  // ln 2, two parts
  Four y = mul_add(all(1.9875691500e-4f), r, all(1.3981999507e-3f));
  y = mul_add(y, r, all(8.3334519073e-3f));
  y = mul_add(y, r, all(4.1665795894e-2f));
  y = mul_add(y, r, all(1.6666665459e-1f));
  y = mul_add(y, r, all(5.0000001201e-1f));
  y = mul_add(y, mul(r, r), add(r, all(1)));
  Four two_to_n = wasm_i32x4_shl(wasm_i32x4_add(shifted, wasm_i32x4_splat(127)), 23);
  y = wasm_v128_andnot(mul(y, two_to_n), is_zero);
  return wasm_v128_bitselect(asked, y, is_nan);
}

// 1 / (1 + e^-x)
INLINE Four sigmoid_of(Four x) {
  return divide(all(1), add(all(1), exp_of(wasm_f32x4_neg(x))));
}
