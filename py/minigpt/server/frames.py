"""Text frames of the WebSocket protocol, as a server sends them (RFC 6455, section 5.2).

A server's frames are not masked, so one frame's bytes serve all clients: an event is encoded once,
not once for each.
"""

import struct


def text_frame(payload: bytes) -> bytes:
    """The payload (UTF-8) as one final text frame."""
    length = len(payload)
    if length < 126:
        return struct.pack('!BB', 0x81, length) + payload
    if length < 2 ** 16:
        return struct.pack('!BBH', 0x81, 126, length) + payload
    return struct.pack('!BBQ', 0x81, 127, length) + payload
