/** The training step of bench/race_operations.py as one writes it in jax-js: forward, backward and
 * Adam in one jitted function. A function uses up its arguments; `.ref` keeps one for later. */

const SIZES = { V: 512, T: 64, C: 128, H: 4, L: 4, B: 16 }

/** `jax`: the module. Returns what does one step, and gives its loss when it is waited for. */
export function trainingStep({ jit, nn, numpy: np, tree, valueAndGrad }) {
  const { V, T, C, H, L, B } = SIZES

  const normed = (x, { gain, bias }) => nn.standardize(x).mul(gain).add(bias)
  const linear = (x, { weight, bias }) => np.matmul(x, weight).add(bias)

  function attention(x, p) {
    const qkv = linear(x, p.qkv).reshape([B, T, 3, H, C / H])
    const [q, k, v] = np.split(qkv, 3, 2).map(it => it.reshape([B, T, H, C / H]))
    const heads = nn.dotProductAttention(q, k, v, { isCausal: true })
    return linear(heads.reshape([B * T, C]), p.projection)
  }

  function block(x, p) {
    x = x.ref.add(attention(normed(x, p.norm1), p))
    return x.ref.add(linear(nn.gelu(linear(normed(x, p.norm2), p.wide)), p.narrow))
  }

  function loss(p, inputs, targets) {
    let x = np.matmul(nn.oneHot(inputs, V), p.tokens.ref)
    x = x.reshape([B, T, C]).add(p.places).reshape([B * T, C])
    for (const it of p.blocks) x = block(x, it)
    const logits = np.matmul(normed(x, p.norm), p.tokens.transpose())
    return nn.logSoftmax(logits).mul(nn.oneHot(targets, V)).sum().mul(-1 / (B * T))
  }

  const zeros = p => tree.map(it => np.zeros(it.shape), p)
  const kept = (mean, g, beta) => mean.mul(beta).add(g.mul(1 - beta))

  const step = jit((p, mean, square, rate, inputs, targets) => {
    const [value, grad] = valueAndGrad(loss)(tree.ref(p), inputs, targets)
    const m = tree.map((m, g) => kept(m, g.ref, 0.9), mean, grad)
    const s = tree.map((s, g) => kept(s, np.square(g), 0.99), square, grad)
    const next = tree.map((w, m, s) => w.sub(
      m.ref.mul(rate.ref).div(np.sqrt(s.ref).add(1e-8))), p, m, s)
    rate.dispose()
    return [value, next, m, s]
  })

  const random = (...shape) => np.array(Float32Array.from(
    { length: shape.reduce((a, b) => a * b) }, () => (Math.random() - 0.5) * 0.07)).reshape(shape)
  const layer = (I, O) => ({ weight: random(I, O), bias: np.zeros([O]) })
  const norm = () => ({ gain: np.ones([C]), bias: np.zeros([C]) })
  const ids = () => np.array(Int32Array.from({ length: B * T }, () => Math.random() * V),
    { dtype: np.int32 })

  let p = { tokens: random(V, C), places: random(T, C), norm: norm(), blocks: Array.from(
    { length: L }, () => ({ norm1: norm(), norm2: norm(), qkv: layer(C, 3 * C),
      projection: layer(C, C), wide: layer(C, 4 * C), narrow: layer(4 * C, C) })) }
  let mean = zeros(p), square = zeros(p), value, steps = 0
  const inputs = ids(), targets = ids()
  return () => {
    steps += 1
    const rate = 1e-3 * Math.sqrt(1 - 0.99 ** steps) / (1 - 0.9 ** steps);
    [value, p, mean, square] = step(p, mean, square, np.array(rate), inputs.ref, targets.ref)
    return value
  }
}
