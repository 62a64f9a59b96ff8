// c ≈ a · b, the third rung with half the bytes: operands rounded to 16 bits, sums of 32 bits.
//
// The tiles take half as much shared memory, and each read from them brings twice as many numbers.
// The price: half a number has 11 significant bits, so each operand is off by up to 2⁻¹¹ of itself,
// and beyond 65504 it is infinite. The product is another one; so this rung is never taken unasked.

enable f16;
alias half = f16;

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

const TILE = 64;   // of c
const DEPTH = 16;  // how far a tile reaches along K
const EACH = 4;    // rows and columns of one thread
const THREADS = 256;
var<workgroup> a_tile: array<array<half, TILE>, DEPTH>;  // [k][row]
var<workgroup> b_tile: array<array<half, TILE>, DEPTH>;  // [k][column]

@compute @workgroup_size(16, 16)
fn matmul(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
          @builtin(local_invocation_index) thread: u32) {
  let first_row = i32(group.y) * TILE;
  let first_column = i32(group.x) * TILE;
  let row = i32(local.y) * EACH;
  let column = i32(local.x) * EACH;
  let origin = origins(i32(group.z));
  // One row of results each; by name, since a register cannot be looked up by a number.
  var sum_0 = vec4<f32>();
  var sum_1 = vec4<f32>();
  var sum_2 = vec4<f32>();
  var sum_3 = vec4<f32>();
  for (var start = 0; start < p.K; start += DEPTH) {
    bring_tiles(i32(thread), first_row, first_column, start, origin);
    workgroupBarrier();
    for (var k = 0; k < DEPTH; k++) {
      let right = vec4<f32>(vec4<half>(b_tile[k][column], b_tile[k][column + 1],
                                       b_tile[k][column + 2], b_tile[k][column + 3]));
      sum_0 += f32(a_tile[k][row]) * right;
      sum_1 += f32(a_tile[k][row + 1]) * right;
      sum_2 += f32(a_tile[k][row + 2]) * right;
      sum_3 += f32(a_tile[k][row + 3]) * right;
    }
    workgroupBarrier();
  }
  store_four(origin.z, first_row + row, first_column + column, sum_0);
  store_four(origin.z, first_row + row + 1, first_column + column, sum_1);
  store_four(origin.z, first_row + row + 2, first_column + column, sum_2);
  store_four(origin.z, first_row + row + 3, first_column + column, sum_3);
}

fn store_four(origin: i32, row: i32, column: i32, sums: vec4<f32>) {
  if (row >= p.M) { return; }
  let at = origin + row * p.c_row + column * p.c_column;
  if (column < p.N) { store(at, sums.x); }
  if (column + 1 < p.N) { store(at + p.c_column, sums.y); }
  if (column + 2 < p.N) { store(at + 2 * p.c_column, sums.z); }
  if (column + 3 < p.N) { store(at + 3 * p.c_column, sums.w); }
}

// All threads together bring TILE × DEPTH numbers of a and of b; beyond an edge there is 0.
fn bring_tiles(thread: i32, first_row: i32, first_column: i32, start: i32, origin: vec3<i32>) {
  for (var n = thread; n < TILE * DEPTH; n += THREADS) {
    // Neighbouring threads take neighbouring numbers: a's along K, or down a transposed a.
    var i = n / DEPTH;
    var k = n % DEPTH;
    if (p.a_row == 1) { i = n % TILE; k = n / TILE; }
    a_tile[k][i] = half(0);
    if (first_row + i < p.M && start + k < p.K) {
      a_tile[k][i] = half(a[origin.x + (first_row + i) * p.a_row + (start + k) * p.a_column]);
    }
    var j = n % TILE;
    k = n / TILE;
    if (p.b_row == 1) { j = n / DEPTH; k = n % DEPTH; }
    b_tile[k][j] = half(0);
    if (first_column + j < p.N && start + k < p.K) {
      b_tile[k][j] = half(b[origin.y + (start + k) * p.b_row + (first_column + j) * p.b_column]);
    }
  }
}
