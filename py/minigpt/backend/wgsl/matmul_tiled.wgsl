// c = a · b, second rung: 16 × 16 threads compute one tile of c together.
//
//      K →           N →
//    ┌──┬──┐       ┌────┐        They walk along K tile by tile. Each thread brings one number of
//  M │■■│  │   ·   │■■  │ K      a's tile and one of b's into memory that the group shares, and
//  ↓ └──┴──┘       ├────┤ ↓      then all read them from there: each number comes from far away
//                  └────┘        M/16 or N/16 times instead of M or N.

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

const TILE = 16;
var<workgroup> a_tile: array<array<f32, TILE>, TILE>;
var<workgroup> b_tile: array<array<f32, TILE>, TILE>;

@compute @workgroup_size(TILE, TILE)
fn matmul(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let x = i32(local.x);
  let y = i32(local.y);
  let column = i32(group.x) * TILE + x;
  let row = i32(group.y) * TILE + y;
  let origin = origins(i32(group.z));
  var sum = 0.0;
  for (var start = 0; start < p.K; start += TILE) {
    // Beyond an edge: 0, which adds nothing. All threads stay, since all must meet at the barriers.
    a_tile[y][x] = 0.0;
    b_tile[y][x] = 0.0;
    if (row < p.M && start + x < p.K) {
      a_tile[y][x] = a[origin.x + row * p.a_row + (start + x) * p.a_column];
    }
    if (column < p.N && start + y < p.K) {
      b_tile[y][x] = b[origin.y + (start + y) * p.b_row + column * p.b_column];
    }
    workgroupBarrier();
    for (var k = 0; k < TILE; k++) {
      sum += a_tile[y][k] * b_tile[k][x];
    }
    workgroupBarrier();
  }
  if (row < p.M && column < p.N) {
    store(origin.z + row * p.c_row + column * p.c_column, sum);
  }
}
