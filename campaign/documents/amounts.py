"""Amounts in words, as Indonesian papers write them beside the figures. Pure."""

_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"))


def in_words(number: int) -> str:
    """Return "satu juta dua ratus ribu" for 1200000; nothing below zero."""
    if number < 0:
        raise ValueError("no amount on a paper is below zero")
    return _say(number) or "nol"


def _say(number: int) -> str:
    if number < 12:
        return _UNITS[number]
    if number < 20:
        return f"{_UNITS[number - 10]} belas"
    if number < 100:
        return f"{_UNITS[number // 10]} puluh {_UNITS[number % 10]}".strip()
    size, name = next((size, name) for size, name in _SCALES if number >= size)
    many, rest = divmod(number, size)
    # One hundred and one thousand are said in one word; a million is not.
    head = f"se{name}" if many == 1 and size <= 1000 else f"{_say(many)} {name}"
    return f"{head} {_say(rest)}".strip()
