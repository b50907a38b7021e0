"""Numbers as pages write them."""

from __future__ import annotations

from markupsafe import Markup


def number(count: int) -> str:
    """Write a number with a comma before each group of three digits.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{count:,}"


def counted(count: int, noun: str, bold: bool = False) -> str:
    """Write how many there are of something that has a regular plural; the number may be bold.

    >>> counted(1, "work"), counted(2000, "work")
    ('1 work', '2,000 works')
    """
    digits, things = number(count), noun if count == 1 else f"{noun}s"
    return Markup("<b>{}</b> {}").format(digits, things) if bold else f"{digits} {things}"
