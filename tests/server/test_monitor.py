"""The figures of the server, as JSON and for Prometheus."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import Running


@pytest.fixture(scope='module')
def running():
    running = Running()
    yield running
    running.close()


def families(running):
    status, headers, said = running.ask('GET', '/metrics')
    assert status == 200 and headers['Content-Type'].startswith('text/plain')
    return {it.name: it for it in text_string_to_metric_families(said.decode())}


def value(family, **labels):
    return sum(it.value for it in family.samples if not it.name.endswith(('_created', '_bucket'))
               and labels.items() <= it.labels.items())


def test_each_request_is_counted_under_its_operation(running):
    before = families(running)
    for _ in range(3):
        running.ask('POST', '/api/v1/tokenize', {'text': 'oi'})
    running.ask('POST', '/api/v1/tokenize', {'text': 1})
    running.ask('GET', '/api/v1/made/up/by/a/client')
    after = families(running)

    def grown(**labels):
        return value(after['minigpt_requests'], **labels) - (
            value(before['minigpt_requests'], **labels) if 'minigpt_requests' in before else 0)
    assert grown(operation='tokenize', method='POST', status='200') == 3
    assert grown(operation='tokenize', status='400') == 1
    assert grown(operation='NotFound', status='404') == 1
    operations = {it.labels['operation'] for it in after['minigpt_requests'].samples}
    assert not [it for it in operations if '/' in it]
    latency = after['minigpt_request_seconds']
    assert [it.value for it in latency.samples if it.name.endswith('_count')
            and it.labels['operation'] == 'tokenize'] == [4]


def test_tokens_and_events_are_told(running):
    before = running.json('GET', '/api/v1/metrics')[1]
    running.ask('POST', '/api/v1/generate', {'prompt': 'Era uma vez', 'length': 7})
    running.ask('PATCH', '/api/v1/modules/attention/parameters', {'layer': 2})
    after = running.json('GET', '/api/v1/metrics')[1]
    assert after['tokens'] - before['tokens'] == 7 and after['tokens_per_second'] > 0
    assert after['seq'] == before['seq'] + 1 and after['requests'] >= before['requests'] + 2
    assert after['memory_bytes'] > 10_000_000 and after['uptime_seconds'] > 0
    assert 0 < after['latency_median_seconds'] <= after['latency_p95_seconds']
    found = families(running)
    assert value(found['minigpt_tokens_generated']) == after['tokens']
    assert value(found['minigpt_events']) == after['seq']
    assert value(found['minigpt_memory_bytes']) > 10_000_000


def test_two_servers_count_for_themselves(running):
    other = Running()
    try:
        other.ask('GET', '/api/v1/modules')
        assert other.json('GET', '/api/v1/metrics')[1]['requests'] == 1
    finally:
        other.close()
