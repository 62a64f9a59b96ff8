// One AdamW step on the flat vector of all weights: a thread for each weight.

struct Parameters {
  count: u32,
  lr: f32, beta1: f32, beta2: f32, eps: f32,
  mean_correction: f32,         // 1 − β₁ᵗ: both means start at 0 and are too small at first
  root_square_correction: f32,  // √(1 − β₂ᵗ)
}

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> flat: array<f32>;
@group(0) @binding(2) var<storage, read> grads: array<f32>;
@group(0) @binding(3) var<storage, read_write> means: array<f32>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;
@group(0) @binding(5) var<storage, read> decays: array<f32>;

@compute @workgroup_size(256)
fn adamw(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let g = grads[i];
  let mean = p.beta1 * means[i] + (1.0 - p.beta1) * g;
  let square = p.beta2 * squares[i] + (1.0 - p.beta2) * g * g;
  means[i] = mean;
  squares[i] = square;
  let direction = mean / ((sqrt(square) / p.root_square_correction + p.eps) * p.mean_correction);
  flat[i] = flat[i] * (1.0 - p.lr * decays[i]) - p.lr * direction;
}
