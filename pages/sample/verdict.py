"""What the reader sees in the two rankings, said in sentences."""

from minigpt.locale import decimal


def verdict(page) -> list[str]:
    """Where the answer ended up and who found it; then how far the model's scores can be trusted."""
    answers, words = page.answers, page.words['verdict']
    if not answers.matches:
        return [words['nothing']] if not page.chunks else []
    return [' '.join(it for it in (place(page), finders(page)) if it), trust(page)]


def place(page) -> str:
    """Whether a chunk has the whole answer."""
    answers, words = page.answers, page.words['verdict']
    numbers = [str(index + 1) for index in answers.holders or answers.parts]
    if answers.span is None:
        return words['unmarked']
    if answers.holders:
        key = 'whole' if len(numbers) == 1 else 'whole_more'
        return words[key].format(numbers=', '.join(numbers))
    return words['split'].format(numbers=', '.join(numbers), count=len(numbers))


def finders(page) -> str:
    """By which measure the chunk with the whole answer comes first."""
    answers, words = page.answers, page.words['verdict']
    if not answers.holders:
        return ''
    cosine, bits = answers.rank('cosine'), answers.rank('bits')
    key = {(True, True): 'both', (True, False): 'cosine', (False, True): 'bits',
           (False, False): 'neither'}[cosine == 1, bits == 1]
    by_words = words['unshared'] if bits is None else words['rank'].format(rank=bits)
    return words[key].format(cosine=words['rank'].format(rank=cosine), bits=by_words,
                             count=len(page.chunks))


def trust(page) -> str:
    """Between which cosines the chunks lie: the nearer together, the less the order says."""
    cosines = [it.cosine for it in page.answers.matches]
    low, high = (decimal(it, 2, page.lang).replace('-', '−') for it in (min(cosines), max(cosines)))
    return page.words['verdict']['trust'].format(low=low, high=high)
