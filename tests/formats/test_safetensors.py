"""Weight files: exact both ways, whole or refused, and never half written."""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from minigpt.errors import CheckpointError
from minigpt.formats import safetensors

TENSORS = {'a': np.arange(6, dtype=np.float32).reshape(2, 3), 'b': np.array([], np.int64),
           'c.ü': np.array(7, np.uint8)}


def file_bytes():
    return safetensors.to_bytes(TENSORS, {'note': 'olá'})


def same(left, right):
    return left.keys() == right.keys() and all(
        left[n].dtype == right[n].dtype and np.array_equal(left[n], right[n]) for n in left)


def test_round_trip(tmp_path):
    safetensors.save(tmp_path / 'x.safetensors', TENSORS, {'note': 'olá'})
    tensors, metadata = safetensors.load(tmp_path / 'x.safetensors')
    assert same(tensors, TENSORS)
    assert metadata == {'note': 'olá'}
    assert os.listdir(tmp_path) == ['x.safetensors']


def test_metadata_is_read_from_the_header_alone(tmp_path):
    path = tmp_path / 'x.safetensors'
    data = file_bytes()
    header_end = 8 + int.from_bytes(data[:8], 'little')
    path.write_bytes(data[:header_end])  # without the arrays
    assert safetensors.load_metadata(path) == {'note': 'olá'}
    for end in range(header_end):
        path.write_bytes(data[:end])
        with pytest.raises(CheckpointError, match='not a whole safetensors file'):
            safetensors.load_metadata(path)
    with pytest.raises(CheckpointError, match='nowhere'):
        safetensors.load_metadata(tmp_path / 'nowhere')


def test_layout_is_the_formats():
    data = safetensors.to_bytes({'w': np.array([1.5], np.float32)}, {})
    size = int.from_bytes(data[:8], 'little')
    assert json.loads(data[8:8 + size]) == {
        'w': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}
    assert data[8 + size:] == np.float32(1.5).tobytes()
    assert size % 8 == 0


@pytest.mark.parametrize('array', [np.arange(6.).reshape(2, 3).T, np.arange(10.)[::2],
                                   np.arange(4, dtype='>f8')])
def test_any_stride_and_byte_order_is_saved_by_value(array):
    tensors, _ = safetensors.from_bytes(safetensors.to_bytes({'x': array}, {}))
    np.testing.assert_array_equal(tensors['x'], array)


def test_truncated_anywhere_is_refused():
    data = file_bytes()
    for end in range(len(data)):
        with pytest.raises(CheckpointError):
            safetensors.from_bytes(data[:end])


def test_a_flipped_bit_in_the_header_is_refused_or_harmless():
    data = file_bytes()
    header_end = 8 + int.from_bytes(data[:8], 'little')
    for position in range(header_end):
        for bit in range(8):
            spoilt = bytearray(data)
            spoilt[position] ^= 1 << bit
            try:
                tensors, _ = safetensors.from_bytes(bytes(spoilt))
            except CheckpointError:
                continue
            values = sorted(tensor.tobytes() for tensor in tensors.values())
            assert values == sorted(tensor.tobytes() for tensor in TENSORS.values())


def with_header(header, body=b'\0' * 4):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, 'little') + text + body


def row(**changes):
    return {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]} | changes


@pytest.mark.parametrize('data', [
    with_header({'w': row(data_offsets=[0, 8])}),
    with_header({'w': row(data_offsets=[4, 8])}, b'\0' * 8),
    with_header({'w': row(shape=[2])}),
    with_header({'w': row(shape=[-1])}),
    with_header({'w': row(shape=[True])}),
    with_header({'w': row(shape=[2 ** 62, 2 ** 62])}),
    with_header({'w': row(dtype='F99')}),
    with_header({'w': row(dtype=['F32'])}),
    with_header({'w': row(data_offsets=[0, '4'])}),
    with_header({'w': row(), 'v': row()}),
    with_header({'w': row()}, b'\0' * 5),
    with_header({'w': None}),
    with_header({'__metadata__': {'n': 1}, 'w': row()}),
    with_header(b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},'
                b'"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'),
    with_header(b'{"w":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}'),
    with_header(b'[]'), with_header(b'\xff\xfe'), with_header(b'[' * 100_000),
    (2 ** 63).to_bytes(8, 'little') + b'{}',
])
def test_a_header_that_lies_is_refused(data):
    with pytest.raises(CheckpointError, match='not a whole safetensors file'):
        safetensors.from_bytes(data)


def test_failed_save_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / 'x.safetensors'
    safetensors.save(path, TENSORS, {})
    before = path.read_bytes()

    def full_disk(handle):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full_disk)
    with pytest.raises(OSError, match='No space left'):
        safetensors.save(path, {'a': np.zeros(3)}, {})
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ['x.safetensors']


KILLED_WHILE_SAVING = """
import sys, itertools, numpy as np
from minigpt.formats import safetensors
for i in itertools.count():
    safetensors.save(sys.argv[1], {'x': np.full(50_000, i, np.float32)}, {'i': str(i)})
    print(i, flush=True)
"""


def test_kill_while_saving_leaves_a_whole_file(tmp_path):
    path = tmp_path / 'x.safetensors'
    for after in range(5):
        process = subprocess.Popen([sys.executable, '-c', KILLED_WHILE_SAVING, path],
                                   stdout=subprocess.PIPE, env=os.environ | {
                                       'PYTHONPATH': os.pathsep.join(sys.path)})
        for _ in range(1 + after):
            process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
        tensors, metadata = safetensors.load(path)
        assert (tensors['x'] == float(metadata['i'])).all()
    safetensors.save(path, TENSORS, {})
    assert os.listdir(tmp_path) == ['x.safetensors']  # what the killed had begun is gone


def test_only_what_nobody_is_writing_is_cleared_away(tmp_path):
    fcntl = pytest.importorskip('fcntl')
    path = tmp_path / 'x.safetensors'
    others = ['.x.safetensors-old', '.x.safetensors-abcd1234', '.x.safetensors-ABCD1234.part',
              '.y.safetensors-abcd1234.part', 'x.safetensors-abcd1234.part']
    for name in [*others, '.x.safetensors-abcd1234.part', '.x.safetensors-abcd5678.part']:
        (tmp_path / name).touch()
    with open(tmp_path / '.x.safetensors-abcd5678.part', 'rb') as being_written:
        fcntl.flock(being_written, fcntl.LOCK_EX)
        safetensors.save(path, TENSORS, {})
        assert sorted(os.listdir(tmp_path)) == sorted([
            *others, path.name, '.x.safetensors-abcd5678.part'])
    safetensors.save(path, TENSORS, {})
    assert sorted(os.listdir(tmp_path)) == sorted([*others, path.name])


def test_writers_of_one_path_leave_each_other_alone(tmp_path):
    path = tmp_path / 'x.safetensors'

    def write(number):
        for _ in range(30):
            safetensors.save(path, {'x': np.full(500, number, np.float32)}, {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))  # raises what a writer raised
    assert len(set(safetensors.load(path)[0]['x'])) == 1
    assert os.listdir(tmp_path) == ['x.safetensors']


GOLDEN = np.load(Path(__file__).parents[1] / 'golden' / 'formats.npz')
ARRAYS = {name: np.arange(6).reshape(2, 3).astype(name) for name in (
    'float64', 'float32', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint64', 'uint32',
    'uint16', 'uint8')}


def test_a_file_of_the_official_library_is_read():
    tensors, metadata = safetensors.from_bytes(GOLDEN['official'].tobytes())
    expected = ARRAYS | {'bfloat16': GOLDEN['bfloat16'], 'bool': np.array([[True, False]])}
    assert same(tensors, expected)
    assert metadata == {'note': 'olá'}


def test_our_file_is_the_one_that_the_official_library_read_back():
    data = safetensors.to_bytes(ARRAYS | {'transposed': ARRAYS['float32'].T,
                                          'scalar': np.float32(7)}, {'note': 'olá'})
    assert hashlib.sha256(data).hexdigest() == str(GOLDEN['ours_sha256'])


def test_every_bfloat16_is_the_upper_half_of_a_float32():
    halves = np.arange(2 ** 16, dtype=np.uint16)
    data = with_header({'w': row(dtype='BF16', shape=[2 ** 16], data_offsets=[0, 2 ** 17])},
                       halves.tobytes())
    tensors, _ = safetensors.from_bytes(data)
    assert tensors['w'].dtype == np.float32
    np.testing.assert_array_equal(tensors['w'].view(np.uint32), halves.astype(np.uint32) << 16)


@pytest.mark.parametrize('header', [
    {'w': row(dtype='BOOL', shape=[4])}, {'w': row(dtype='BF16', shape=[1])},
    {'w': row(shape=[2 ** 70, 0], data_offsets=[0, 0])}, {'w': row(shape=[1] * 70)}])
def test_odd_shapes_and_truth_values_are_refused(header):
    with pytest.raises(CheckpointError, match='not a whole safetensors file'):
        safetensors.from_bytes(with_header(header, b'\2' * 4))


def test_an_array_that_the_format_cannot_hold_is_named():
    with pytest.raises(CheckpointError, match='z has the dtype complex128'):
        safetensors.to_bytes({'z': np.zeros(2, complex)}, {})
