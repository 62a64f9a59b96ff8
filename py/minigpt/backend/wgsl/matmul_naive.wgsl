// c = a · b, first rung of the ladder: one thread for each element of c.
//
// Each thread reads a whole row of a and a whole column of b, so every number comes from memory M
// or N times. Right, short, and as slow as memory. For few rows nothing is faster.

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

@compute @workgroup_size(64, 1)
fn matmul(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = i32(id.x);
  let row = i32(id.y);
  if (row >= p.M || column >= p.N) { return; }
  let origin = origins(i32(id.z));
  var sum = 0.0;
  for (var k = 0; k < p.K; k++) {
    sum += a[origin.x + row * p.a_row + k * p.a_column] *
           b[origin.y + k * p.b_row + column * p.b_column];
  }
  store(origin.z + row * p.c_row + column * p.c_column, sum);
}
