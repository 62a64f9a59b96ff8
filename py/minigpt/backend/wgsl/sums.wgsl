// Sums down columns: (rows, width) -> (width). For biases, and with a product for norms' gains.
//
// A group has 16 columns and 16 threads for each; every thread adds up each 16th row, and then the
// threads of a column add up theirs.

struct Parameters { rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> xs: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
@group(0) @binding(3) var<storage, read> ys: array<f32>;

const SIDE = 16u;
var<workgroup> partial: array<array<f32, SIDE>, SIDE>;

fn finish(local: vec3<u32>, column: u32, sum: f32) {
  partial[local.y][local.x] = sum;
  workgroupBarrier();
  if (local.y > 0u || column >= p.width) { return; }
  var total = 0.0;
  for (var i = 0u; i < SIDE; i++) { total += partial[i][local.x]; }
  out[column] = total;
}

@compute @workgroup_size(SIDE, SIDE)
fn sum_rows(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let column = group.x * SIDE + local.x;
  var sum = 0.0;
  if (column < p.width) {
    for (var row = local.y; row < p.rows; row += SIDE) { sum += xs[row * p.width + column]; }
  }
  finish(local, column, sum);
}

@compute @workgroup_size(SIDE, SIDE)
fn sum_products(@builtin(workgroup_id) group: vec3<u32>,
                @builtin(local_invocation_id) local: vec3<u32>) {
  let column = group.x * SIDE + local.x;
  var sum = 0.0;
  if (column < p.width) {
    for (var row = local.y; row < p.rows; row += SIDE) {
      sum += xs[row * p.width + column] * ys[row * p.width + column];
    }
  }
  finish(local, column, sum);
}
