"""The service worker: site/service-worker.js with this build's name and the site's policy in it."""

from pathlib import Path

from sitebuild.errors import BuildError

# What the pages may do: no code but ours, compiled WebAssembly, no other origin. BokehJS styles its
# elements in place.
POLICY = ("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
          "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
          "connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'")


def render(root: Path, build: str) -> str:
    """The script; BuildError if the file has not each place for a value just once."""
    text = (root / 'site' / 'service-worker.js').read_text(encoding='utf-8')
    for place, value in (("'__BUILD__'", f"'{build}'"), ("'__POLICY__'", f'"{POLICY}"')):
        if text.count(place) != 1:
            raise BuildError(f'site/service-worker.js must say {place} once.')
        text = text.replace(place, value)
    return text
