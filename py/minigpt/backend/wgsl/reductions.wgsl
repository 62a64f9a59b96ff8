// One number from many, in two rounds: 256 groups add up their share, then one group adds up those.
// The length of a gradient is the root of such a sum; `clip` shortens the gradient to it.

struct Parameters { count: u32, scale: f32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

const GROUPS = 256u;
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
fn squares(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = group.x * THREADS + thread; i < p.count; i += GROUPS * THREADS) {
    sum += xs[i] * xs[i];
  }
  let total = sum_of_all(thread, sum);
  if (thread == 0u) { out[group.x] = total; }
}

@compute @workgroup_size(THREADS)
fn total(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < p.count; i += THREADS) { sum += xs[i]; }
  let all = sum_of_all(thread, sum);
  if (thread == 0u) { out[0] = all * p.scale; }
}

@compute @workgroup_size(THREADS)
fn root(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < p.count; i += THREADS) { sum += xs[i]; }
  let all = sum_of_all(thread, sum);
  if (thread == 0u) { out[0] = sqrt(all); }
}

// xs holds the length, out the gradient, scale the greatest length allowed.
@compute @workgroup_size(256)
fn shorten(@builtin(global_invocation_id) id: vec3<u32>,
           @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count || !(xs[0] > p.scale)) { return; }
  out[i] *= p.scale / xs[0];
}
