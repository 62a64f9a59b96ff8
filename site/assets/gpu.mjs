/** The graphics card for Python (minigpt/backend/webgpu.py): finds it, carries out lists of commands.
 *
 * Python writes down a whole step as numbers and hands them over in one call: crossing from Python
 * to JavaScript for each of some hundred kernels would cost more than the kernels.
 */

const PARAMETERS = 256  // bytes for each dispatch: the smallest step of a dynamic offset
const BIND_GROUPS = 4096  // remembered at most
const SCOPES = ['validation', 'out-of-memory', 'internal']
const FEATURES = ['subgroups', 'shader-f16']  // taken where the card has them

/** A Gpu, or why there is none: {absent: a key of minigpt's locale files, reason}. */
export async function findGpu() {
  if (!navigator.gpu) return { absent: 'no_webgpu', reason: '' }
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return { absent: 'no_adapter', reason: '' }
    const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
    return new Gpu(adapter.info, await adapter.requestDevice({
      requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
      requiredFeatures: FEATURES.filter(feature => adapter.features.has(feature)) }))
  } catch (error) {
    return { absent: 'no_device', reason: String(error.message ?? error) }
  }
}

class Gpu {
  constructor(info, device) {
    this.absent = ''
    this.device = device
    this.architecture = info.architecture || info.vendor
    this.software = Boolean(info.isFallbackAdapter) || info.architecture === 'swiftshader'
    this.limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize)
    this.failure = ''
    this.kernels = []
    this.buffers = []
    this.groups = new Map()
    device.lost.then(({ reason, message }) => { this.failure ||= message || reason })
    this.watch()
  }

  offers(feature) {
    return this.device.features.has(feature)
  }

  /** Collect errors from here on; `read` tells them. */
  watch() {
    for (const scope of SCOPES) this.device.pushErrorScope(scope)
  }

  /** Compile one entry point; `access` has a letter for each of its arrays: r read, w written. */
  addKernel(code, entryPoint, access) {
    const { device } = this
    const visibility = GPUShaderStage.COMPUTE
    const entries = [{ binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } }]
    for (const [index, letter] of [...access].entries()) {
      entries.push({ binding: index + 1, visibility,
        buffer: { type: letter === 'w' ? 'storage' : 'read-only-storage' } })
    }
    const groupLayout = device.createBindGroupLayout({ entries })
    const pipeline = device.createComputePipeline({
      layout: device.createPipelineLayout({ bindGroupLayouts: [groupLayout] }),
      compute: { module: device.createShaderModule({ code, label: entryPoint }), entryPoint } })
    return this.kernels.push({ pipeline, groupLayout }) - 1
  }

  addBuffer(size) {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    return this.buffers.push(this.device.createBuffer({ size, usage })) - 1
  }

  write(buffer, bytes) {
    this.device.queue.writeBuffer(this.buffers[buffer], 0, bytes)
  }

  /** Carry out commands, each [kernel, x, y, z workgroups, n, n buffers], in order. */
  run(commands, parameters) {
    const { device } = this
    if (!this.parameters || this.parameters.size < parameters.byteLength) {
      this.parameters = device.createBuffer({ size: parameters.byteLength,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
      this.groups.clear()
    }
    device.queue.writeBuffer(this.parameters, 0, parameters)
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    for (let at = 0, offset = 0; at < commands.length; offset += PARAMETERS) {
      const [kernel, x, y, z, count] = commands.subarray(at, at + 5)
      const buffers = commands.subarray(at + 5, at += 5 + count)
      pass.setPipeline(this.kernels[kernel].pipeline)
      pass.setBindGroup(0, this.group(kernel, buffers), [offset])
      pass.dispatchWorkgroups(x, y, z)
    }
    pass.end()
    device.queue.submit([encoder.finish()])
  }

  /** What binds these buffers to this kernel; pooled buffers meet the same kernels every step. */
  group(kernel, buffers) {
    const key = `${kernel}:${buffers.join()}`
    let group = this.groups.get(key)
    if (!group) {
      const resources = [{ buffer: this.parameters, size: PARAMETERS },
        ...Array.from(buffers, buffer => ({ buffer: this.buffers[buffer] }))]
      group = this.device.createBindGroup({ layout: this.kernels[kernel].groupLayout,
        entries: resources.map((resource, binding) => ({ binding, resource })) })
      if (this.groups.size >= BIND_GROUPS) this.groups.clear()
      this.groups.set(key, group)
    }
    return group
  }

  /** The bytes of stretches [buffer, byte offset, byte size, …], one after another. */
  read(stretches) {
    const answer = this.answer(stretches)
    answer.catch(() => {})  // Python may be unable to wait for it, and then nobody listens
    return answer
  }

  async answer(stretches) {
    const { device } = this
    const sizes = stretches.filter((_, index) => index % 3 === 2)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const errors = SCOPES.map(() => device.popErrorScope())
    this.watch()
    const staging = device.createBuffer({ size: Math.max(4, total),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    const encoder = device.createCommandEncoder()
    for (let at = 0, place = 0; at < stretches.length; at += 3) {
      const [buffer, offset, size] = stretches.subarray(at, at + 3)
      encoder.copyBufferToBuffer(this.buffers[buffer], offset, staging, place, size)
      place += size
    }
    device.queue.submit([encoder.finish()])
    try {
      await staging.mapAsync(GPUMapMode.READ)
      for (const error of await Promise.all(errors)) {
        if (error) throw new Error(error.message)
      }
      return new Uint8Array(staging.getMappedRange(0, total)).slice()
    } catch (error) {
      await Promise.allSettled(errors)
      throw new Error(this.failure ||= String(error.message ?? error))
    } finally {
      staging.destroy()
    }
  }
}
