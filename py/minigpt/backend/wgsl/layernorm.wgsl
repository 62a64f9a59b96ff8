// LayerNorm: each row to mean 0 and variance 1, then gain and bias; one group of threads for a row.

struct Parameters { rows: u32, width: u32, gain_offset: u32, bias_offset: u32, eps: f32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;             // x, or in backward dout
@group(0) @binding(2) var<storage, read> gains: array<f32>;
@group(0) @binding(3) var<storage, read> biases: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;      // or in backward dx
@group(0) @binding(5) var<storage, read_write> normed: array<f32>;
@group(0) @binding(6) var<storage, read_write> inv_stds: array<f32>;

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
  let width = f32(p.width);
  var sum = 0.0;
  for (var i = thread; i < p.width; i += THREADS) { sum += xs[start + i]; }
  let mean = sum_of_all(thread, sum) / width;
  var squares = 0.0;
  for (var i = thread; i < p.width; i += THREADS) {
    let away = xs[start + i] - mean;
    squares += away * away;
  }
  let inv_std = 1.0 / sqrt(sum_of_all(thread, squares) / width + p.eps);
  for (var i = thread; i < p.width; i += THREADS) {
    let value = (xs[start + i] - mean) * inv_std;
    normed[start + i] = value;
    out[start + i] = value * gains[p.gain_offset + i] + biases[p.bias_offset + i];
  }
  if (thread == 0u) { inv_stds[row] = inv_std; }
}

// dx; moving one input also moves the mean and the variance of its row: two subtractions.
@compute @workgroup_size(THREADS)
fn backward(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
            @builtin(local_invocation_index) thread: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= p.rows) { return; }
  let start = row * p.width;
  let width = f32(p.width);
  var sum = 0.0;
  var products = 0.0;
  for (var i = thread; i < p.width; i += THREADS) {
    let dnormed = xs[start + i] * gains[p.gain_offset + i];
    sum += dnormed;
    products += dnormed * normed[start + i];
  }
  let mean = sum_of_all(thread, sum) / width;
  let slope = sum_of_all(thread, products) / width;
  let inv_std = inv_stds[row];
  for (var i = thread; i < p.width; i += THREADS) {
    let dnormed = xs[start + i] * gains[p.gain_offset + i];
    out[start + i] = (dnormed - mean - normed[start + i] * slope) * inv_std;
  }
}
