"""What the model wrote on its way: few texts, dense at the start, where they differ most."""

from dataclasses import dataclass

MOST = 12


@dataclass(frozen=True)
class Written:
    """What the model wrote after `step` updates; `given` is the prompt."""
    step: int
    given: str
    text: str
    loss: float | None  # of the text held out, or else of the text learnt


def with_sample(samples: list[Written], new: Written) -> list[Written]:
    """The samples and a new one, at most MOST: spread over the run as a logarithm is."""
    samples = [*samples, new]
    if len(samples) <= MOST:
        return samples
    steps = [it.step for it in samples]
    ratios = [steps[i + 1] / max(1, steps[i - 1]) for i in range(1, len(steps) - 1)]
    least = 1 + ratios.index(min(ratios))
    return samples[:least] + samples[least + 1:]
