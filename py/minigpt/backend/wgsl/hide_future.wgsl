// Scores (…, T, S) are scaled, and those of later tokens made so small that exp gives 0.
// The T tokens that look are the last of the S.

struct Parameters { count: u32, T: u32, S: u32, scale: f32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(256)
fn hide_future(@builtin(global_invocation_id) id: vec3<u32>,
               @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let looks = p.S - p.T + i / p.S % p.T;  // the place of the token that looks
  scores[i] = select(scores[i] * p.scale, -3.0e38, i % p.S > looks);
}
