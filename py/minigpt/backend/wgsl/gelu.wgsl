// GPT-2's GELU, x/2 · (1 + tanh u), written as x · sigmoid(2u): exp alone, and cut off where it
// would overflow.

struct Parameters { count: u32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<storage, read> douts: array<f32>;

const SCALE = 1.5957691216057308;  // 2·√(2/π)
const CUBIC = 0.044715;

fn sigmoid_of_2u(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(min(-SCALE * x * (1.0 + CUBIC * x * x), 80.0)));
}

@compute @workgroup_size(256)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  out[i] = xs[i] * sigmoid_of_2u(xs[i]);
}

@compute @workgroup_size(256)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let x = xs[i];
  let s = sigmoid_of_2u(x);
  let slope_of_2u = SCALE * (1.0 + 3.0 * CUBIC * x * x);
  out[i] = douts[i] * (s + x * s * (1.0 - s) * slope_of_2u);
}
