/**
 * Put into a tab before the site's own scripts: when a key was pressed, when the picture that
 * followed was on the screen, and what held the main thread up. Times are `performance.now()`.
 *
 * A picture is on the screen at the first task after the frame in which a patch was applied; it is
 * whole with the last patch before Python says that it is done with the reader's change (`idle`).
 * What Python measures after that, or is asked by a component, comes until it is settled.
 */
{
  const felt = globalThis.felt = { frames: [], tasks: [], pressed: 0, idle: 0, heard: 0, last: 0,
    sent: 0 }
  const now = () => performance.now()

  /** Call `done` once the next frame is on the screen. */
  felt.afterFrame = done => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => done(now())
    port2.postMessage(0)
  })

  const Plain = globalThis.Worker
  globalThis.Worker = class extends Plain {
    constructor(...args) {
      super(...args)
      this.addEventListener('message', ({ data }) => {
        if (data.type === 'idle') { felt.heard ||= now(); felt.last = now(); felt.idle += 1 }
        if (data.type !== 'patch') return
        const frame = { arrived: now(), page: data.page, size: data.patch.length, painted: 0,
          drawn: false }
        if (felt.keep) frame.patch = data.patch
        felt.frames.push(frame)
        felt.afterFrame(time => { frame.painted = time })
      })
    }
    postMessage(message, ...rest) {
      if (message.type === 'patch') felt.sent += 1
      super.postMessage(message, ...rest)
    }
  }

  // The components draw bit by bit; now all on the screen have.
  document.addEventListener('minigpt:drawn', () => {
    const fresh = felt.frames.filter(it => !it.drawn)
    for (const frame of fresh) frame.drawn = true
    felt.afterFrame(time => { for (const frame of fresh) frame.painted = time })
  })

  const watch = (type, take) => {
    try {
      new PerformanceObserver(list => list.getEntries().forEach(take)).observe({ type })
    } catch { /* an older browser */ }
  }
  watch('longtask', it => felt.tasks.push({ start: it.startTime, ms: it.duration }))
  for (const kind of ['keydown', 'pointerdown', 'pointermove', 'input']) {
    addEventListener(kind, event => { felt.pressed ||= event.timeStamp }, { capture: true })
  }

  felt.begin = () => Object.assign(felt, { frames: [], tasks: [], pressed: 0, idle: 0, heard: 0,
    last: 0, sent: 0 })

  const wait = ms => new Promise(done => setTimeout(done, ms))
  const longest = tasks => Math.max(0, ...tasks.map(it => it.ms))

  /** What followed the reader's act since `begin`, once nothing has come for `quiet` ms. */
  felt.response = async (quiet = 300, most = 20_000) => {
    const until = now() + most
    const last = () => Math.max(felt.last, ...felt.frames.map(it => it.painted || Infinity))
    while (now() < until && !(felt.idle >= felt.sent && felt.frames.length
      && now() - last() > quiet)) await wait(20)
    const of = frames => frames.length ? frames.at(-1).painted - felt.pressed : NaN
    return { first: of(felt.frames.slice(0, 1)),
      whole: of(felt.frames.filter(it => it.arrived <= felt.heard)), settled: of(felt.frames),
      patches: felt.frames.length, kilobytes: felt.frames.reduce((a, it) => a + it.size, 0) / 1e3,
      longest: longest(felt.tasks) }
  }

  /** From a click on the link to the page in the frame, and live; then until nothing more comes. */
  felt.turn = async page => {
    felt.begin()
    const root = document.documentElement, started = now()
    const shown = new Promise(done => felt.afterFrame(done))
    document.querySelector(`#nav a[data-page=${page}]`).click()
    const painted = await shown - started
    while (root.dataset.state !== 'live') await wait(0)
    const live = now() - started
    await wait(700)
    return { painted, live, longest: longest(felt.tasks), patches: felt.frames.length,
      settled: Math.max(painted, ...felt.frames.map(it => it.painted - started)) }
  }

  /** Frames in which a picture was drawn anew, and tasks, over so many seconds of training. */
  felt.during = async (seconds, selector) => {
    felt.begin()
    const root = document.querySelector('section[data-page=training]')
    const found = []
    const walk = it => {
      if (it.matches?.(selector)) found.push(it)
      for (const child of [...it.children, ...it.shadowRoot?.children ?? []]) walk(child)
    }
    walk(root)
    let frames = 0, changed = false
    const watcher = new MutationObserver(() => { changed = true })
    for (const it of found) watcher.observe(it, { attributes: true, subtree: true, childList: true })
    const started = now(), gaps = []
    let before = started
    while (now() - started < 1e3 * seconds) {
      changed = false
      await new Promise(requestAnimationFrame)
      await wait(0)
      if (changed) { frames += 1; gaps.push(now() - before); before = now() }
    }
    return { perSecond: frames / seconds, gap: Math.max(0, ...gaps), longest: longest(felt.tasks),
      over50: felt.tasks.length, pictures: found.length,
      kilobytes: felt.frames.reduce((a, it) => a + it.size, 0) / 1e3 / seconds }
  }
}
