"""The safetensors file format: named arrays behind a JSON header, nothing executable.

    8 bytes   header length, little-endian
    header    JSON: name → {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": strings
    data      the arrays, C order, one after another, to the end of the file

Format: https://github.com/huggingface/safetensors (README, "Format"). Files are read strictly: what
does not fit the description to the byte is refused.
"""

import json
import math
from pathlib import Path

import numpy as np

from minigpt.errors import CheckpointError, Flaw, Refused, flaw, require
from minigpt.formats.atomic import write_atomically

DTYPES = {'F64': '<f8', 'F32': '<f4', 'F16': '<f2', 'I64': '<i8', 'I32': '<i4', 'I16': '<i2',
          'I8': 'i1', 'U64': '<u8', 'U32': '<u4', 'U16': '<u2', 'U8': 'u1'}
NAMES = {np.dtype(code): name for name, code in DTYPES.items()}
STORED = DTYPES | {'BF16': '<u2', 'BOOL': 'u1'}  # read, and given as float32 and bool
MAX_HEADER = 100_000_000
MAX_DIMENSIONS = 32


def save(path: str | Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Write the file whole or not at all: a reader sees the old one or the new one."""
    write_atomically(Path(path), to_bytes(tensors, metadata))


def to_bytes(tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> bytes:
    """The file's bytes; arrays are laid out in C order whatever their strides.

    CheckpointError names an array whose dtype the format does not have.
    """
    header: dict = {'__metadata__': metadata} if metadata else {}
    parts, end = [], 0
    for name, tensor in tensors.items():
        tensor = np.asarray(tensor)
        data = np.ascontiguousarray(tensor).astype(tensor.dtype.newbyteorder('<')).tobytes()
        begin, end = end, end + len(data)
        header[name] = {'dtype': dtype_name(name, tensor.dtype), 'shape': list(tensor.shape),
                        'data_offsets': [begin, end]}
        parts.append(data)
    text = json.dumps(header, ensure_ascii=False, separators=(',', ':')).encode('utf-8')
    text += b' ' * (-len(text) % 8)  # keeps the data aligned
    return b''.join([len(text).to_bytes(8, 'little'), text, *parts])


def dtype_name(name: str, dtype: np.dtype) -> str:
    """The format's name of a dtype; CheckpointError where it has none."""
    if dtype.newbyteorder('<') not in NAMES:
        raise CheckpointError('unsavable_dtype', name=name, dtype=dtype)
    return NAMES[dtype.newbyteorder('<')]


def load(path: str | Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors by name, and the metadata. CheckpointError if the file is missing or not valid."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise CheckpointError('file_unreadable', path=path, reason=Refused(error)) from error
    return from_bytes(data, str(path))


def load_metadata(path: str | Path) -> dict[str, str]:
    """The metadata alone: only the header is read, however large the file is."""
    try:
        with open(path, 'rb') as file:
            length = file.read(8)
            data = length + file.read(min(int.from_bytes(length, 'little'), MAX_HEADER))
        header, _ = split_header(data)
        return pop_metadata(header)
    except OSError as error:
        raise CheckpointError('file_unreadable', path=path, reason=Refused(error)) from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError('not_safetensors', path=path, reason=flaw(error)) from error


def from_bytes(data: bytes, path: str = 'file') -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Like `load`, for bytes; `path` is only named in errors."""
    try:
        header, body = split_header(data)
        metadata = pop_metadata(header)
        return read_tensors(header, body), metadata
    except (ValueError, RecursionError) as error:
        raise CheckpointError('not_safetensors', path=path, reason=flaw(error)) from error


def pop_metadata(header: dict) -> dict[str, str]:
    """Take the metadata out of a header; Flaw if it is not strings by name."""
    metadata = header.pop('__metadata__', {})
    require(isinstance(metadata, dict) and all(isinstance(v, str) for v in metadata.values()),
            'metadata')
    return metadata


def split_header(data: bytes) -> tuple[dict, memoryview]:
    """The parsed header and the bytes after it; an error says what is wrong."""
    require(len(data) >= 8, 'short', got=len(data))
    size = int.from_bytes(data[:8], 'little')
    require(size <= MAX_HEADER, 'no_header')  # eight letters of a text, most likely
    require(size <= len(data) - 8, 'header_size', size=size, got=len(data))

    def no_constant(name):
        raise Flaw('flaw.constant', name=name)

    def no_duplicates(pairs):
        require(len(dict(pairs)) == len(pairs), 'header_twice')
        return dict(pairs)

    header = json.loads(data[8:8 + size].decode('utf-8'), parse_constant=no_constant,
                        object_pairs_hook=no_duplicates)
    require(isinstance(header, dict), 'header_kind')
    return header, memoryview(data)[8 + size:]


def read_tensors(header: dict, body: memoryview) -> dict[str, np.ndarray]:
    """The arrays; they must lie one after another from 0 to the end of the body."""
    tensors, end = {}, 0
    for name, row in sorted(header.items(), key=lambda item: begin_of(*item)):
        dtype, shape = row.get('dtype'), row.get('shape')
        require(isinstance(dtype, str) and dtype in STORED,
                'dtype', name=name, dtype=dtype)
        require(isinstance(shape, list) and len(shape) <= MAX_DIMENSIONS
                and all(type(n) is int and 0 <= n < 2 ** 63 for n in shape),
                'shape', name=name, shape=shape)
        begin, stop = row['data_offsets']
        size = math.prod(shape) * np.dtype(STORED[dtype]).itemsize
        require(begin == end and stop - begin == size and stop <= len(body),
                'place', name=name, begin=begin, stop=stop, size=size, end=end, got=len(body))
        stored = np.frombuffer(body[begin:stop], STORED[dtype]).reshape(shape)
        tensors[name] = converted(name, dtype, stored)
        end = stop
    require(end == len(body), 'too_many_bytes', got=len(body) - end)
    return tensors


def converted(name: str, dtype: str, stored: np.ndarray) -> np.ndarray:
    """A copy as NumPy knows the dtype: bfloat16 is the upper half of a float32."""
    if dtype == 'BF16':
        return (stored.astype('<u4') << 16).view('<f4')
    if dtype == 'BOOL':
        require((stored <= 1).all(), 'truth', name=name)
        return stored.astype(bool)
    return stored.copy()


def begin_of(name: str, row) -> tuple[int, int]:
    """Where a tensor starts and ends, checked to be two whole numbers."""
    offsets = row.get('data_offsets') if isinstance(row, dict) else None
    require(isinstance(offsets, list) and len(offsets) == 2
            and all(type(n) is int and n >= 0 for n in offsets),
            'offsets', name=name, got=offsets)
    return offsets[0], offsets[1]
