// −ln p(target) for each row of probabilities, and the gradient of their mean.

struct Parameters { count: u32, width: u32, rows: u32, tiny: f32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> probs: array<f32>;    // (rows, width)
@group(0) @binding(2) var<storage, read> targets: array<i32>;  // (rows)
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(256)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let row = id.x + id.y * groups.x * 256u;
  if (row >= p.rows) { return; }
  out[row] = -log(max(probs[row * p.width + u32(targets[row])], p.tiny));
}

// What the model believed minus what came, shared over the rows.
@compute @workgroup_size(256)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let came = select(0.0, 1.0, i % p.width == u32(targets[i / p.width]));
  out[i] = (probs[i] - came) / f32(p.rows);
}
