// c = a · b, third rung: each of 16 × 16 threads computes 4 × 4 elements of a 64 × 64 tile.
//
// Reading shared memory is the limit of the second rung: two reads for each multiplication. Here a
// thread reads 4 numbers of a and 4 of b into its own registers and multiplies each with each: 8
// reads for 16 multiplications.

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
var<workgroup> a_tile: array<array<f32, TILE>, DEPTH>;  // [k][row]
var<workgroup> b_tile: array<array<f32, TILE>, DEPTH>;  // [k][column]

@compute @workgroup_size(16, 16)
fn matmul(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,
          @builtin(local_invocation_index) thread: u32) {
  let first_row = i32(group.y) * TILE;
  let first_column = i32(group.x) * TILE;
  let row = i32(local.y) * EACH;
  let column = i32(local.x) * EACH;
  let origin = origins(i32(group.z));
  var sums: array<vec4<f32>, EACH>;  // one row each
  for (var start = 0; start < p.K; start += DEPTH) {
    bring_tiles(i32(thread), first_row, first_column, start, origin);
    workgroupBarrier();
    for (var k = 0; k < DEPTH; k++) {
      let right = vec4<f32>(b_tile[k][column], b_tile[k][column + 1],
                            b_tile[k][column + 2], b_tile[k][column + 3]);
      for (var i = 0; i < EACH; i++) {
        sums[i] += a_tile[k][row + i] * right;
      }
    }
    workgroupBarrier();
  }
  for (var i = 0; i < EACH; i++) {
    for (var j = 0; j < EACH; j++) {
      let r = first_row + row + i;
      let s = first_column + column + j;
      if (r < p.M && s < p.N) {
        store(origin.z + r * p.c_row + s * p.c_column, sums[i][j]);
      }
    }
  }
}

// All threads together bring TILE × DEPTH numbers of a and of b; beyond an edge there is 0.
fn bring_tiles(thread: i32, first_row: i32, first_column: i32, start: i32, origin: vec3<i32>) {
  for (var n = thread; n < TILE * DEPTH; n += THREADS) {
    // Neighbouring threads take neighbouring numbers in memory: a's along K, or down a transposed a.
    var i = n / DEPTH;
    var k = n % DEPTH;
    if (p.a_row == 1) { i = n % TILE; k = n / TILE; }
    a_tile[k][i] = 0.0;
    if (first_row + i < p.M && start + k < p.K) {
      a_tile[k][i] = a[origin.x + (first_row + i) * p.a_row + (start + k) * p.a_column];
    }
    var j = n % TILE;
    k = n / TILE;
    if (p.b_row == 1) { j = n / DEPTH; k = n % DEPTH; }
    b_tile[k][j] = 0.0;
    if (first_column + j < p.N && start + k < p.K) {
      b_tile[k][j] = b[origin.y + (start + k) * p.b_row + (first_column + j) * p.b_column];
    }
  }
}
