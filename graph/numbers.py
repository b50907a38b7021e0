"""Numbers, and how many there are of something, as pages and messages write them."""

from __future__ import annotations


def number(count: int) -> str:
    """Write a number with a comma before each group of three digits.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{count:,}"


def plural(count: float, noun: str) -> str:
    """Write a noun with a regular plural in the form that fits a number.

    >>> plural(1, "work"), plural(0, "work")
    ('work', 'works')
    """
    return noun if count == 1 else f"{noun}s"


def counted(count: int, noun: str) -> str:
    """Write how many there are of something.

    >>> counted(1, "work"), counted(2000, "work")
    ('1 work', '2,000 works')
    """
    return f"{number(count)} {plural(count, noun)}"
