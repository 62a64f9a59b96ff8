"""The script of a view, run in another Python, prints the numbers the page shows."""

import asyncio
import base64
import re

import numpy as np
import pytest
from take_home import printed

from minigpt.lab import shipped_lab
from pages import lab
from pages.inference.page import Inference
from pages.script import script_text, split_imports

ROW = re.compile(r"^(?P<token>['\"].*['\"]) +(?P<numbers>[-\d.]+ [\d.]+ [\d.]+)$", re.MULTILINE)


def check(page, output):
    assert lab.lab().tokenizer.decode(page.text.ids) in output
    probs = [float(line.split()[-1]) for line in output.splitlines()[:len(page.text.written)]]
    np.testing.assert_allclose(probs, [it.probability for it in page.text.written], atol=2e-5)
    rows = [match['numbers'].split() for match in ROW.finditer(output)]
    shown = [it for it in page._view.candidates.table['rows']][:page.rows]
    np.testing.assert_allclose(np.array(rows, float), [
        [it['logit'], it['share'], it['probability']] for it in shown], atol=2e-4)


def test_the_opening_view(tmp_path):
    page = Inference(query={'n': '8'})
    check(page, printed(page, tmp_path))


def test_choices_changed_settings_and_any_prompt(tmp_path):
    page = Inference(query={'n': '6', 'prompt': 'Ela disse: "\'\\n"""; olá {x} 🐈\n'})

    async def run():
        other = next(row['id'] for row in page._view.candidates.table['rows'] if not row['drawn'])
        page.pick(page.shown, other)
        while page.work.running:
            await asyncio.sleep(0)
        page.param.update(temperature=1.3, top_p=0.7, top_p_on=True)
        page.step()
        page.pinned = 2
    asyncio.run(run())
    assert page.text.picks and len({it.sampling for it in page.text.written}) == 2
    check(page, printed(page, tmp_path))


def test_a_lab_of_one_s_own_is_given_as_a_file(tmp_path):
    shipped = shipped_lab()
    page = Inference(query={'n': '3'})
    try:
        asyncio.run(own_corpus())
        assert 'python minigpt-inference.py lab.safetensors' in script_text(page)
        lab.lab().save(tmp_path / 'lab.safetensors')
        check(page, printed(page, tmp_path, str(tmp_path / 'lab.safetensors')))
    finally:
        asyncio.run(back_to(shipped))


async def own_corpus():
    lab.change(corpus='O meu texto.')


async def back_to(old):
    lab.replace(old)


def test_the_button_sends_the_file():
    page, sent = Inference(), []
    page.frame.download._send_msg = sent.append
    page.frame.download._handle_msg({'wanted': True})
    assert sent[0]['name'] == 'minigpt-inference.py'
    assert base64.b64decode(sent[0]['base64']).decode() == script_text(page)


@pytest.mark.parametrize('code', ['import numpy as np\nfrom x import (\n    y)\n\n\nprint(1)',
                                  'print(1)'])
def test_a_script_s_imports_come_first(code):
    imports, rest = split_imports(code)
    assert rest == ['print(1)']
    assert all('print' not in line for line in imports)
