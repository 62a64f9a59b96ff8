"""How a token knows where it stands.

    learned      a table of vectors, one per place, added to the token's (GPT-2)
    sinusoidal   the same, but a fixed table of waves (Vaswani et al. 2017)
    rope         queries and keys are turned by an angle that grows with the place, so that their
                 product depends on the distance alone (Su et al. 2021)
"""

import numpy as np

from minigpt.backend import kernel

Array = np.ndarray
BASE = 10_000


def wave_angles(positions: Array, width: int) -> Array:
    """Angle of each of width/2 waves at each place, from 1 radian a step to 1/BASE.   (T, width/2)"""
    frequencies = BASE ** (-np.arange(0, width, 2) / width)
    return positions[:, None] * frequencies


def sinusoidal_forward(positions: Array, C: int, dtype) -> Array:
    """The vectors to add, sines and cosines taking turns; nothing is learnt.   (T,) -> (T, C)"""
    angles = wave_angles(positions, C + C % 2)
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return waves.reshape(len(positions), -1)[:, :C].astype(dtype)


def rope_forward(x: Array, positions: Array) -> Array:
    """Turn each pair (x[i], x[i + D/2]) by its wave's angle.   (B, H, T, D) -> (B, H, T, D)"""
    return turned(x, *waves(positions, x))


def rope_backward(dout: Array, positions: Array) -> Array:
    """-> dx: a turn back by the same angle"""
    cos, sin = waves(positions, dout)
    return turned(dout, cos, -sin)


def waves(positions: Array, x: Array) -> tuple[Array, Array]:
    """Cosines and sines of all angles, (T, D/2) each, of the kind of x and where x is."""
    angles = wave_angles(positions, x.shape[-1])
    return (np.asarray(np.cos(angles).astype(x.dtype), like=x),
            np.asarray(np.sin(angles).astype(x.dtype), like=x))


@kernel
def turned(x: Array, cos: Array, sin: Array) -> Array:
    """The pairs of x (…, T, D) rotated; cos and sin (T, D/2)."""
    left, right = np.split(x, 2, axis=-1)
    return np.concatenate([left * cos - right * sin, left * sin + right * cos], axis=-1)
