"""Runs inside Pyodide, whose Python has Zstandard: compresses every file of /in to /out."""

import os
from compression.zstd import CompressionParameter, compress

LEVEL = 19       # more takes minutes and gives little
WINDOW_LOG = 24  # 16 MB back: all of Python's memory would save 2 % and take a tenth longer to unpack

for name in os.listdir('/in'):
    with open(f'/in/{name}', 'rb') as file:
        data = file.read()
    options = {CompressionParameter.compression_level: LEVEL,
               CompressionParameter.window_log: WINDOW_LOG,
               # Nobody computes rest.bin's hash where it has to come at once.
               CompressionParameter.checksum_flag: int(name == 'rest.bin')}
    with open(f'/out/{name}', 'wb') as file:
        file.write(compress(data, options=options))
