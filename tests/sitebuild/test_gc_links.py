"""The ring of Python's objects leaves the snapshot as distances and comes back as it was."""

import json
import subprocess
from pathlib import Path

LINKS = (Path(__file__).parents[2] / 'site' / 'assets' / 'gc_links.mjs').as_uri()
# Links far apart and near, given in the order of the ring; two have other flags than most.
PROGRAM = f"""
import {{ putLinks, takeLinks }} from '{LINKS}'
const heap = new Uint8Array(1 << 20), words = new Uint32Array(heap.buffer)
words.fill(77)
const ring = [40, 900000, 64, 72, 4096, 20036]
ring.forEach((at, i) => {{
  words[at >> 2] = ring[(i + 1) % ring.length]
  words[(at >> 2) + 1] = ring[(i + ring.length - 1) % ring.length]
}})
for (const at of ring) words[at >> 2] |= 1
words[64 >> 2] |= 2
words[(72 >> 2) + 1] |= 2
words[72 >> 2] &= ~1
const {{ links, distances }} = takeLinks(heap, 72)
const taken = ring.map(at => [words[at >> 2], words[(at >> 2) + 1]])
putLinks(heap, links, distances)
console.log(JSON.stringify({{ links, bytes: distances.length, taken,
  put: ring.map(at => [words[at >> 2], words[(at >> 2) + 1]]),
  others: words.filter(word => word === 77).length }}))
words[900000 >> 2] = 44
try {{ takeLinks(heap, 72) }} catch (error) {{ console.log(error.message) }}
"""


def test_the_ring_comes_back_in_the_order_of_the_addresses_with_its_flags():
    said = subprocess.run(['node', '--input-type=module', '-e', PROGRAM], capture_output=True,
                          text=True, check=True).stdout.splitlines()
    found = json.loads(said[0])
    assert found['links']['bytes'] == found['bytes'] < 6 * 8
    assert found['links']['usual'] == [1, 0] and len(found['links']['flags']) == 2 * 3
    assert found['taken'] == [[0, 0]] * 6
    order = [40, 64, 72, 4096, 20036, 900000]
    places = [40, 900000, 64, 72, 4096, 20036]
    for at, (following, before) in zip(places, found['put'], strict=True):
        i, flags = order.index(at), {64: (3, 0), 72: (0, 2)}.get(at, (1, 0))
        assert following == order[(i + 1) % 6] | flags[0]
        assert before == order[i - 1] | flags[1]
    assert found['others'] == 2**18 - 12
    assert said[1].startswith('no ring of objects')
