// RMSNorm: each row to a mean square of 1, then gain; one group of threads for a row.

struct Parameters { rows: u32, width: u32, gain_offset: u32, eps: f32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;             // x, or in backward dout
@group(0) @binding(2) var<storage, read> gains: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;      // or in backward dx
@group(0) @binding(4) var<storage, read_write> normed: array<f32>;
@group(0) @binding(5) var<storage, read_write> inv_rms: array<f32>;

const THREADS = 64u;
var<workgroup> shared_values: array<f32, THREADS>;

// The sum over the group's threads, told to all of them: halves are added until one is left.
fn sum_of_all(thread: u32, value: f32) -> f32 {
  shared_values[thread] = value;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) { shared_values[thread] += shared_values[thread + half]; }
    workgroupBarrier();
  }
  let sum = shared_values[0];
  workgroupBarrier();  // nobody may write the next sum before all have read this one
  return sum;
}

@compute @workgroup_size(THREADS)
fn forward(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
           @builtin(local_invocation_index) thread: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= p.rows) { return; }
  let start = row * p.width;
  var squares = 0.0;
  for (var i = thread; i < p.width; i += THREADS) { squares += xs[start + i] * xs[start + i]; }
  let scale = 1.0 / sqrt(sum_of_all(thread, squares) / f32(p.width) + p.eps);
  for (var i = thread; i < p.width; i += THREADS) {
    let value = xs[start + i] * scale;
    normed[start + i] = value;
    out[start + i] = value * gains[p.gain_offset + i];
  }
  if (thread == 0u) { inv_rms[row] = scale; }
}

@compute @workgroup_size(THREADS)
fn backward(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
            @builtin(local_invocation_index) thread: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= p.rows) { return; }
  let start = row * p.width;
  var products = 0.0;
  for (var i = thread; i < p.width; i += THREADS) {
    products += xs[start + i] * gains[p.gain_offset + i] * normed[start + i];
  }
  let slope = sum_of_all(thread, products) / f32(p.width);
  for (var i = thread; i < p.width; i += THREADS) {
    let dnormed = xs[start + i] * gains[p.gain_offset + i];
    out[start + i] = (dnormed - normed[start + i] * slope) * inv_rms[row];
  }
}
