// Rows of a table by their ids, and the way back: each row gathers the gradients of its places.
//
// A card cannot add floats to one place from many threads at once. So Python sorts the places by
// their id (see webgpu_kernels.py), and one thread adds up all places of one row and column.

struct Parameters { count: u32, width: u32, table_offset: u32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> ids: array<i32>;
@group(0) @binding(2) var<storage, read> table: array<f32>;    // or in backward dout
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(4) var<storage, read> places: array<i32>;   // sorted by their id
@group(0) @binding(5) var<storage, read> starts: array<i32>;   // where each id's places begin, and the end

@compute @workgroup_size(256)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  out[i] = table[p.table_offset + u32(ids[i / p.width]) * p.width + i % p.width];
}

@compute @workgroup_size(256)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let row = i / p.width;      // of those that occur
  let column = i % p.width;
  var sum = 0.0;
  for (var n = starts[row]; n < starts[row + 1u]; n++) {
    sum += table[u32(places[n]) * p.width + column];
  }
  out[u32(ids[row]) * p.width + column] = sum;
}
