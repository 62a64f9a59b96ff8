// Rotary positions: each pair (x[i], x[i + D/2]) is turned by the angle of its place and its wave.

struct Parameters { count: u32, T: u32, half: u32 }  // pairs; tokens in a row of tokens; D/2

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;       // (…, T, D)
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<storage, read> cosines: array<f32>;  // (T, D/2)
@group(0) @binding(4) var<storage, read> sines: array<f32>;

@compute @workgroup_size(256)
fn turned(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= p.count) { return; }
  let angle = i / p.half % p.T * p.half + i % p.half;
  let at = i / p.half * 2u * p.half + i % p.half;
  let left = xs[at];
  let right = xs[at + p.half];
  out[at] = left * cosines[angle] - right * sines[angle];
  out[at + p.half] = left * sines[angle] + right * cosines[angle];
}
