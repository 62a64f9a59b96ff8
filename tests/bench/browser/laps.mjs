/** Times work in a worker, as bench/race.py does in Python: enough runs to a lap for the clock. */

const LAP = 20          // milliseconds; a browser's clock ticks in tenths of one
const TURN = 100, LAPS = 3

async function timed(run, runs) {
  const started = performance.now()
  let last
  for (let i = 0; i < runs; i++) last = run()
  await last?.()
  return (performance.now() - started) / runs
}

/** A lap too short for the clock is none: the runs double. So the first turn also warms up. */
async function turn(work) {
  const laps = []
  let spent = 0
  while (!laps.length || (laps.length < LAPS && spent < TURN)) {
    const lap = await timed(work.run, work.runs)
    if (lap * work.runs < LAP) {
      work.runs *= 2
      continue
    }
    laps.push(lap)
    spent += lap * work.runs
  }
  return laps
}

/**
 * Answer the page's questions, one turn of one work each.
 * @param {(work: string, n: number) => () => (() => Promise)|undefined} prepare gives what does
 *   one run and returns a function that waits for it
 */
export function serve(prepare) {
  const works = new Map()
  self.onmessage = async ({ data: { name, n } }) => {
    const key = `${name} ${n}`
    try {
      if (!works.has(key)) works.set(key, { run: await prepare(name, n), runs: 1 })
      self.postMessage({ milliseconds: await turn(works.get(key)) })
    } catch (error) {
      self.postMessage({ error: String(error.stack ?? error) })
    }
  }
  self.postMessage('ready')
}

/** n × n numbers around 0. */
export const matrix = n => Float32Array.from({ length: n * n }, () => Math.random() - 0.5)
