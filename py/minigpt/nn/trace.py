"""A record of everything a forward pass computes, by name."""


class Trace(dict):
    """Name → array, in the order of computation: 'h.0.attn.q' → (B, H, T, D).

    Hand one to `model.forward(ids, trace=Trace())`; without one nothing is recorded.
    """
