// probs = softmax(x) along rows, and its backward dx = p · (dout − Σ dout·p).
//
// One group of threads for each row. First pass: the row's maximum; second: the sum of exp(x − max);
// third: divide.

struct Parameters { rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;     // x, or in backward the probabilities
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<storage, read> douts: array<f32>;

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

fn maximum_of_all(thread: u32, value: f32) -> f32 {
  shared_values[thread] = value;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    if (thread < half) {
      shared_values[thread] = max(shared_values[thread], shared_values[thread + half]);
    }
    workgroupBarrier();
  }
  let maximum = shared_values[0];
  workgroupBarrier();
  return maximum;
}

@compute @workgroup_size(THREADS)
fn forward(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
           @builtin(local_invocation_index) thread: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= p.rows) { return; }
  let start = row * p.width;
  var largest = -3.4e38;
  for (var i = thread; i < p.width; i += THREADS) { largest = max(largest, xs[start + i]); }
  largest = maximum_of_all(thread, largest);
  var sum = 0.0;
  for (var i = thread; i < p.width; i += THREADS) {
    let power = exp(xs[start + i] - largest);
    out[start + i] = power;
    sum += power;
  }
  let share = 1.0 / sum_of_all(thread, sum);
  for (var i = thread; i < p.width; i += THREADS) { out[start + i] *= share; }
}

@compute @workgroup_size(THREADS)
fn backward(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
            @builtin(local_invocation_index) thread: u32) {
  let row = group.x + group.y * groups.x;
  if (row >= p.rows) { return; }
  let start = row * p.width;
  var sum = 0.0;
  for (var i = thread; i < p.width; i += THREADS) { sum += douts[start + i] * xs[start + i]; }
  let mean = sum_of_all(thread, sum);
  for (var i = thread; i < p.width; i += THREADS) {
    out[start + i] = xs[start + i] * (douts[start + i] - mean);
  }
}
