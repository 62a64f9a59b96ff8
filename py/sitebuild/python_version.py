"""Whether this Python can run the project; readable by any Python, however old."""

OLDEST = (3, 11)


def complaint(version):
    """Return one sentence when `version` (a tuple such as sys.version_info) is too old, else ''."""
    if tuple(version[:2]) >= OLDEST:
        return ''
    return 'Python %d.%d or newer is needed and this is %d.%d; run it again with a newer one.' % (
        OLDEST + tuple(version[:2]))
