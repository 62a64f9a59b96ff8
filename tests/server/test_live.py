"""/ws: what one client changes reaches all, in order; who comes back misses nothing."""

import asyncio

import pytest
from serving import Running
from speaking import Speaker



@pytest.fixture(scope='module')
def running():
    running = Running()
    yield running
    running.close()


def together(running, *names):
    """together(running, 'Ana', 'Rui')(scene): run scene(ana, rui, *what each was told at first)."""
    def run(scene):
        async def play():
            speakers = [Speaker(running) for _ in names]
            for speaker in speakers:
                await speaker.__aenter__()
            try:
                welcomes = [await speaker.hello(name) for speaker, name
                            in zip(speakers, names, strict=True)]
                return await scene(*speakers, *welcomes)
            finally:
                for speaker in speakers:
                    await speaker.__aexit__()
        return running.do(play())
    return run


def test_a_change_reaches_the_other_and_oneself_with_the_same_number(running):
    async def scene(ana, rui, welcome, _):
        await ana.say('set', id=7, module='attention', values={'layer': 2, 'head': 3})
        own, done, other = await ana.hear(), await ana.hear(), await rui.hear()
        assert own == other and own['type'] == 'change'
        assert (own['module'], own['values']) == ('attention', {'layer': 2, 'head': 3})
        assert (own['by'], own['name']) == (welcome[0]['client'], 'Ana')
        assert done == {'type': 'done', 'id': 7, 'seq': own['seq']}
    together(running, 'Ana', 'Rui')(scene)


def test_texts_are_understood_as_a_link_spells_them(running):
    async def scene(ana, _):
        await ana.say('set', module='attention', texts={'layer': '3', 'mask': 'off'})
        assert (await ana.hear_kind('change'))['values'] == {'layer': 3, 'mask': False}
        refused = await ana.ask('set', module='attention', texts={'layer': 'três'})
        assert refused['code'] == 'parameter_integer' and 'três' in refused['message']['pt']
    together(running, 'Ana')(scene)
    assert running.server.state.values('attention')['layer'] == 3


def test_a_refused_set_changes_nothing_and_says_why(running):
    before = running.server.state.seq

    async def scene(ana, _):
        for module, values, code in (('attention', {'head': 1, 'layer': 99}, 'parameter_bounds'),
                                     ('attention', {'colour': 1}, 'unknown_parameter'),
                                     ('atention', {'layer': 1}, 'unknown_module')):
            answer = await ana.ask('set', module=module, values=values)
            assert answer['type'] == 'error' and answer['code'] == code
    together(running, 'Ana')(scene)
    assert running.server.state.seq == before


def test_who_follows_one_module_hears_of_no_other(running):
    async def scene(ana, rui, *_):
        assert (await rui.ask('subscribe', modules=['model']))['type'] == 'done'
        for module, values in (('attention', {'layer': 1}), ('model', {'text': 'sol'}),
                               ('attention', {'layer': 2})):
            await ana.ask('set', module=module, values=values)
        await rui.say('ping')
        assert [(await rui.hear()).get('module') for _ in range(2)] == ['model', None]
        assert (await rui.ask('subscribe', modules=['nothing']))['code'] == 'unknown_module'
    together(running, 'Ana', 'Rui')(scene)


def test_streams_come_only_to_who_asked(running):
    async def scene(ana, rui, *_):
        await rui.ask('subscribe', streams=['generation'])
        running.server.state.stream('token', text='sol')
        await ana.say('ping')
        assert (await ana.hear())['type'] == 'pong'
        assert await rui.hear() == {'type': 'token', 'text': 'sol'}
    together(running, 'Ana', 'Rui')(scene)


def test_metrics_come_at_the_pace_asked_for_until_they_are_ended(running):
    async def scene(ana, _):
        assert (await ana.ask('metrics', every=0.25))['type'] == 'done'
        for _ in range(2):
            assert (await ana.hear_kind('metrics'))['clients'] == 1
        await ana.ask('metrics', every=0)
        assert (await ana.ask('metrics', every=0.01))['code'].startswith('message_')
    together(running, 'Ana')(scene)


def test_who_comes_back_hears_exactly_what_was_missed(running):
    seen = []

    async def leave(ana, _):
        await ana.say('set', module='sample', values={})
        await ana.say('set', module='model', values={'text': 'mar'})
        seen.append((await ana.hear_kind('change'))['seq'])
    together(running, 'Ana')(leave)
    missed = [running.call(running.server.state.set, 'model', {'text': f'{i}'}, 'x').seq
              for i in range(5)]

    async def back():
        async with Speaker(running) as ana:
            welcome, followed = await ana.hello(since=seen[0])
            assert welcome['seq'] == missed[-1]
            assert [it['seq'] for it in followed] == missed
            assert {it['name'] for it in followed} == {'x'}
            assert [it['values'] for it in followed] == [{'text': f'{i}'} for i in range(5)]
        async with Speaker(running) as ana:
            welcome, followed = await ana.hello(since=missed[-1], life=welcome['life'])
            assert followed == []
        async with Speaker(running) as ana:  # the number is one of another start of the server
            _, [snapshot] = await ana.hello(since=missed[-1], life='other')
            assert (snapshot['type'], snapshot['because']) == ('snapshot', 'too_old')
    running.do(back())


@pytest.mark.parametrize('since, because', [(None, 'hello'), (10**9, 'too_old'), (0, 'too_old')])
def test_without_a_number_or_with_one_too_old_comes_the_whole_state(since, because, monkeypatch):
    from minigpt.server import hub
    monkeypatch.setattr(hub, 'CATCH_UP', 1000)  # so that number 0 is too old after a few changes
    running = Running()
    for i in range(20):
        running.call(running.server.state.set, 'model', {'text': f'{i}'}, 'x')

    async def scene():
        async with Speaker(running) as ana:
            _, [snapshot] = await ana.hello(**({} if since is None else {'since': since}))
            assert (snapshot['type'], snapshot['because'], snapshot['seq']) == (
                'snapshot', because, 20)
            assert snapshot['parameters']['model']['text'] == '19'
            assert set(snapshot['parameters']) == set(running.server.state.modules)
    running.do(scene())
    running.close()


def test_the_end_of_the_server_is_told_and_does_not_wait_for_who_does_not_listen():
    running = Running()

    async def scene():
        async with Speaker(running) as ana:
            await ana.hello()
            ending = asyncio.ensure_future(running.server.stop())
            bye = await ana.hear()
            assert (bye['type'], bye['reason']) == ('bye', 'shutdown')
            assert 'encerrando' in bye['message']['pt']
            assert await ana.hear() is None
            await ending
    running.do(scene())
    running.close()


@pytest.mark.parametrize('headers', [
    {'Origin': 'http://evil.example'}, {'Origin': 'null'}, {'Host': 'evil.example'},
    {'Sec-Fetch-Site': 'cross-site'}])
def test_a_foreign_page_gets_no_connection(running, headers):
    async def scene():
        async with Speaker(running, **headers):
            pass
    with pytest.raises(Exception, match='HTTP 403'):
        running.do(scene())
