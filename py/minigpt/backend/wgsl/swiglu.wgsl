// SwiGLU: x = [gate | value] -> gate · sigmoid(gate) · value, and its backward.

struct Parameters { count: u32, width: u32 }  // numbers that come out, in all and in a row

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<storage, read> douts: array<f32>;

fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(min(-x, 80.0)));
}

@compute @workgroup_size(256)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let at = i / p.width * 2u * p.width + i % p.width;  // of the gate
  let gate = xs[at];
  out[i] = gate * sigmoid(gate) * xs[at + p.width];
}

@compute @workgroup_size(256)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let at = i / p.width * 2u * p.width + i % p.width;
  let gate = xs[at];
  let s = sigmoid(gate);
  out[at] = douts[i] * xs[at + p.width] * s * (1.0 + gate * (1.0 - s));
  out[at + p.width] = douts[i] * gate * s;
}
