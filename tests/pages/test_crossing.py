"""When what Python changed crosses to the screen."""

import pytest
from event_loop import in_an_event_loop
from panel.io.state import set_curdoc

from pages import opened
from pages.opened import OpenPages


@pytest.mark.parametrize('name, viewer, first, later', [
    ('model', 'pages.model.page:Model', {'groups', 'pictures'}, {'values', 'account'}),
    ('transformer', 'pages.transformer.page:Transformer', {'block', 'blocks'}, {'bound'})])
@in_an_event_loop
async def test_the_upper_parts_are_on_their_way_while_the_lower_are_painted(
        monkeypatch, name, viewer, first, later):
    monkeypatch.setattr(opened, 'SOON', float('inf'))  # however slow the machine
    pages, sent = OpenPages(), []
    pages.open(name, viewer, 'pt', 'light', {}, False)
    pages.link(name, lambda document, changes: sent.append({
        change.attr for change in changes if hasattr(change, 'attr')}),
        lambda *query: None, lambda failure: None)
    pages.show(name)
    pages[name].send_changes()
    sent.clear()
    with set_curdoc(pages[name].document):
        pages[name].page.prompt = 'O rio corre para o mar'
    pages[name].send_changes()
    places = [[i for i, attributes in enumerate(sent) if them & attributes]
              for them in (first, later)]
    assert first <= sent[places[0][0]] and max(places[0]) < min(places[1])
