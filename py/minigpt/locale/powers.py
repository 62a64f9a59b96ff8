"""Numbers too small or too large for a row of zeros, as readers write them: 9·10⁻⁹, not 9e-09."""

import re

SIGNS = str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹')
WRITTEN = re.compile(r'(-?)([\d.,]+)e([-+]\d+)')


def powers_of_ten(text: str) -> str:
    """What Python's formats e and g write, with a power of ten; other text stays as it is.

    Zeros at the end of a factor are left out, and so is a factor of 1.

    >>> powers_of_ten('9e-09'), powers_of_ten('1.50e+05'), powers_of_ten('1e-05'), powers_of_ten('3')
    ('9·10⁻⁹', '1.5·10⁵', '10⁻⁵', '3')
    """
    return WRITTEN.sub(lambda found: _written(*found.groups()), text)


def _written(sign: str, factor: str, power: str) -> str:
    if '.' in factor or ',' in factor:
        factor = factor.rstrip('0').rstrip('.,')
    if int(power) == 0 or factor == '0':
        return sign + factor
    raised = str(int(power)).translate(SIGNS)
    return f'{sign}10{raised}' if factor == '1' else f'{sign}{factor}·10{raised}'
