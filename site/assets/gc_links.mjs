/**
 * Python's garbage collector holds its objects in a ring: in front of each stand the address of the
 * next and that of the one before. In the snapshot these two words are zeros, and the ring is
 * written apart, in the order of the addresses, as the distance from each object to the next: a
 * byte or so each instead of two addresses, which no compressor can guess.
 */

/** @typedef {{bytes: number, usual: number[], flags: number[]}} Links `usual`: the flags that most
 *   links have in their two words; `flags`: of each other link its address and its two */

const FLAGS = 3  // the lowest bits of a word are the object's own
const STEP = 4   // every address is a multiple of it

/**
 * Take the ring out of `heap`, given the address of one of its links.
 * @returns {{links: Links, distances: Uint8Array}}
 */
export function takeLinks(heap, first) {
  const words = new Uint32Array(heap.buffer, heap.byteOffset, heap.length >> 2)
  const flagsOf = link => [words[link >> 2] & FLAGS, words[(link >> 2) + 1] & FLAGS]
  const ring = []
  let at = first
  do {
    const next = words[at >> 2] & ~FLAGS
    if ((words[(next >> 2) + 1] & ~FLAGS) !== at) throw new Error(`no ring of objects at ${at}`)
    ring.push(at)
    at = next
  } while (at !== first)
  const usual = mostCommon(ring.map(flagsOf))
  const flags = ring.filter(link => String(flagsOf(link)) !== String(usual))
    .flatMap(link => [link, ...flagsOf(link)])
  const distances = []
  let last = 0
  for (const link of ring.sort((a, b) => a - b)) {
    let distance = (link - last) / STEP
    for (; distance > 127; distance >>>= 7) distances.push(distance & 127 | 128)
    distances.push(distance)
    words[link >> 2] = words[(link >> 2) + 1] = 0
    last = link
  }
  return { links: { bytes: distances.length, usual, flags }, distances: Uint8Array.from(distances) }
}

function mostCommon(pairs) {
  const counts = new Map()
  for (const pair of pairs) counts.set(String(pair), (counts.get(String(pair)) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0][0].split(',').map(Number)
}

/** Close the ring again. */
export function putLinks(heap, { usual, flags }, distances) {
  const words = new Uint32Array(heap.buffer, heap.byteOffset, heap.length >> 2)
  let at = 0, last = 0, first = 0
  const join = (one, next) => {
    words[one >> 2] = next | usual[0]
    words[(next >> 2) + 1] = one | usual[1]
  }
  for (let i = 0; i < distances.length;) {
    let distance = 0, shift = 0, byte
    do {
      byte = distances[i++]
      distance |= (byte & 127) << shift
      shift += 7
    } while (byte > 127)
    at += distance * STEP
    if (last) join(last, at)
    else first = at
    last = at
  }
  join(last, first)
  for (let i = 0; i < flags.length; i += 3) {
    const at = flags[i] >> 2
    words[at] = words[at] & ~FLAGS | flags[i + 1]
    words[at + 1] = words[at + 1] & ~FLAGS | flags[i + 2]
  }
}
