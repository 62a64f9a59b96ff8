// out = OPERATION of x and y, element by element, for arrays of any strides.
//
// Python puts an expression such as `x + y` in the place of OPERATION, so each operation becomes a
// kernel of its own. An axis that is repeated (a bias over all rows) has the stride 0.

struct Parameters {
  shape: vec4<i32>,        // of up to four axes, the last one varies fastest; unused ones are 1
  out_strides: vec4<i32>,
  x_strides: vec4<i32>,
  y_strides: vec4<i32>,
  out_offset: i32,
  x_offset: i32,
  y_offset: i32,
  count: i32,              // of elements
  x_number: f32,           // used in the place of an array
  y_number: f32,
  x_kind: i32,             // 0: the array, 1: the number, 2: what stands in out already
  y_kind: i32,
}

@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<storage, read> xs: array<f32>;
@group(0) @binding(3) var<storage, read> ys: array<f32>;

fn dot4(a: vec4<i32>, b: vec4<i32>) -> i32 {
  return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}

@compute @workgroup_size(256)
fn elementwise(@builtin(global_invocation_id) id: vec3<u32>,
               @builtin(num_workgroups) groups: vec3<u32>) {
  // A grid is at most 65,535 groups wide: larger arrays go on in further rows of groups.
  let element = i32(id.x + id.y * groups.x * 256u);
  if (element >= p.count) { return; }

  // Which element this is along each axis: its digits in a number system of mixed bases.
  var place: vec4<i32>;
  var rest = element;
  place.w = rest % p.shape.w; rest /= p.shape.w;
  place.z = rest % p.shape.z; rest /= p.shape.z;
  place.y = rest % p.shape.y; rest /= p.shape.y;
  place.x = rest;

  let at = p.out_offset + dot4(place, p.out_strides);
  var x = p.x_number;
  if (p.x_kind == 0) { x = xs[p.x_offset + dot4(place, p.x_strides)]; }
  if (p.x_kind == 2) { x = out[at]; }
  var y = p.y_number;
  if (p.y_kind == 0) { y = ys[p.y_offset + dot4(place, p.y_strides)]; }
  out[at] = OPERATION;
}
