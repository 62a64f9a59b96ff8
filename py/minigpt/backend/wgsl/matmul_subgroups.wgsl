// c = a · b, a rung beside the third: the threads of a subgroup give each other their numbers.
//
// A card runs threads in subgroups (4 to 128 of them, as it is built) that go in step, and one may
// read another's register: no shared memory, no barriers. Here every thread has 4 columns of c, and
// all need the same 8 rows of a:
//
//      thread  0    1    2    3  …     Thread k brings column k of those rows. Then all multiply:
//            ┌────┬────┬────┬────┐     in round k everyone takes a's numbers from thread k, and its
//   8 rows   │ a₀ │ a₁ │ a₂ │ a₃ │     own columns' numbers of b from memory: 4 reads and 8 numbers
//            └────┴────┴────┴────┘     taken over for 32 multiplications.

enable subgroups;
// The rounds are as many for one thread as for all, but the compiler cannot prove it.
diagnostic(off, subgroup_uniformity);

struct Parameters {
  batch: vec4<i32>,        // up to three axes of products beside each other; w unused
  a_batch: vec4<i32>,      // strides along them
  b_batch: vec4<i32>,
  c_batch: vec4<i32>,
  M: i32, N: i32, K: i32,  // (M, K) · (K, N) -> (M, N)
  add: i32,                // 1: c += a·b
  a_offset: i32, a_row: i32, a_column: i32,
  b_offset: i32, b_row: i32, b_column: i32,
  c_offset: i32, c_row: i32, c_column: i32,
}

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;

// Where the three matrices of product number `z` begin.
fn origins(z: i32) -> vec3<i32> {
  let place = vec3<i32>(z / (p.batch.y * p.batch.z), z / p.batch.z % p.batch.y, z % p.batch.z);
  let dot_a = place * p.a_batch.xyz;
  let dot_b = place * p.b_batch.xyz;
  let dot_c = place * p.c_batch.xyz;
  return vec3<i32>(p.a_offset + dot_a.x + dot_a.y + dot_a.z,
                   p.b_offset + dot_b.x + dot_b.y + dot_b.z,
                   p.c_offset + dot_c.x + dot_c.y + dot_c.z);
}

fn store(at: i32, sum: f32) {
  if (p.add == 1) { c[at] += sum; } else { c[at] = sum; }
}

const ROWS = 8;      // of c, for all threads
const THREADS = 32;  // each has the columns THREADS apart, so that neighbours read side by side

@compute @workgroup_size(THREADS)
fn matmul(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32,
          @builtin(subgroup_invocation_id) lane: u32) {
  let lanes = i32(subgroupMax(lane)) + 1;  // counted: a large subgroup may be half empty
  let origin = origins(i32(group.z));
  let row = i32(group.y) * ROWS;
  let column = i32(group.x) * THREADS * 4 + i32(thread);
  // Beyond an edge the last row or column is taken again: its sums are not stored.
  let next = vec4<i32>(0, 1, 2, 3);
  let upper_rows = origin.x + min(row + next, vec4<i32>(p.M - 1)) * p.a_row;
  let lower_rows = origin.x + min(row + 4 + next, vec4<i32>(p.M - 1)) * p.a_row;
  let columns = origin.y + min(column + next * THREADS, vec4<i32>(p.N - 1)) * p.b_column;
  // One row of results each, as in the third rung.
  var sum_0 = vec4<f32>();
  var sum_1 = vec4<f32>();
  var sum_2 = vec4<f32>();
  var sum_3 = vec4<f32>();
  var sum_4 = vec4<f32>();
  var sum_5 = vec4<f32>();
  var sum_6 = vec4<f32>();
  var sum_7 = vec4<f32>();
  for (var start = 0; start < p.K; start += lanes) {
    let mine = min(start + i32(lane), p.K - 1) * p.a_column;
    let my_upper = four_of_a(upper_rows + mine);
    let my_lower = four_of_a(lower_rows + mine);
    for (var k = 0; k < min(lanes, p.K - start); k++) {
      let upper = subgroupShuffle(my_upper, u32(k));
      let lower = subgroupShuffle(my_lower, u32(k));
      let right = four_of_b(columns + (start + k) * p.b_row);
      sum_0 += upper.x * right;
      sum_1 += upper.y * right;
      sum_2 += upper.z * right;
      sum_3 += upper.w * right;
      sum_4 += lower.x * right;
      sum_5 += lower.y * right;
      sum_6 += lower.z * right;
      sum_7 += lower.w * right;
    }
  }
  store_four(origin.z, row, column, sum_0);
  store_four(origin.z, row + 1, column, sum_1);
  store_four(origin.z, row + 2, column, sum_2);
  store_four(origin.z, row + 3, column, sum_3);
  store_four(origin.z, row + 4, column, sum_4);
  store_four(origin.z, row + 5, column, sum_5);
  store_four(origin.z, row + 6, column, sum_6);
  store_four(origin.z, row + 7, column, sum_7);
}

fn four_of_a(at: vec4<i32>) -> vec4<f32> {
  return vec4<f32>(a[at.x], a[at.y], a[at.z], a[at.w]);
}

fn four_of_b(at: vec4<i32>) -> vec4<f32> {
  return vec4<f32>(b[at.x], b[at.y], b[at.z], b[at.w]);
}

fn store_four(origin: i32, row: i32, column: i32, sums: vec4<f32>) {
  if (row >= p.M) { return; }
  let at = origin + row * p.c_row + column * p.c_column;
  let step = THREADS * p.c_column;
  if (column < p.N) { store(at, sums.x); }
  if (column + THREADS < p.N) { store(at + step, sums.y); }
  if (column + 2 * THREADS < p.N) { store(at + 2 * step, sums.z); }
  if (column + 3 * THREADS < p.N) { store(at + 3 * step, sums.w); }
}
