"""What the browser keeps of the lab, seen from outside of Python."""

import pytest
from playwright.sync_api import Page

WAIT = 60_000
KEPT_STEP = """() => new Promise(done => {  // the one that the kept file's head tells of, 0 for none
  indexedDB.open('minigpt', 1).onsuccess = ({ target: { result: db } }) => {
    db.transaction('lab').objectStore('lab').get('file').onsuccess = ({ target: { result: file } }) => {
      db.close()
      if (!file) { done(0); return }
      const size = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
      const head = new TextDecoder().decode(file.subarray(8, 8 + size))
      done(Number(JSON.parse(head).__metadata__.step))
    }
  }
})"""


def kept_beyond(tab: Page, step: int) -> None:
    """Wait until the browser keeps the model after more updates than that."""
    for _ in range(WAIT // 250):
        if tab.evaluate(KEPT_STEP) > step:
            return
        tab.wait_for_timeout(250)
    pytest.fail(f'nothing beyond update {step} was kept')
