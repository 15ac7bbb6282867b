"""The text of a letter: placeholders filled in, and the little structure that PDF and Word both draw. Pure.

A blank line ends a paragraph. Lines that begin with "1. ", "a. " or "- " are a list; lines "Hari : Senin" stand with
their colons under one another; "# Menimbang" begins a section, as decrees have them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaign.errors import Mistake

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
_ITEM = re.compile(r"^(?:(?P<number>\d{1,2})\.|(?P<letter>[a-z])\.|(?P<dash>-))\s+(?P<text>\S.*)$")
_FACT = re.compile(r"^(?P<label>[^:]{1,40}?)\s+:\s+(?P<value>\S.*)$")
LONGEST = 12_000


class BlockKind(StrEnum):
    """What a piece of text is drawn as."""

    PARAGRAPH = "paragraph"
    NUMBERS = "numbers"
    LETTERS = "letters"
    DASHES = "dashes"
    FACTS = "facts"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece: `lines` are paragraphs or items, `pairs` are facts, `text` is the head of a section."""

    kind: BlockKind
    text: str = ""
    lines: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return `text` with every known placeholder filled in; an unknown one stays as it is typed."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), text)


def unknown_placeholders(text: str, known: Iterable[str]) -> list[str]:
    """Return the placeholders of `text` that nobody can fill in, in their order."""
    allowed = set(known)
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in allowed]


def mistakes_in(where: str, text: str) -> list[Mistake]:
    """Return what is wrong with a letter's text."""
    if not text.strip():
        return [Mistake(where, "letter-text-missing")]
    if len(text) > LONGEST:
        return [Mistake(where, "letter-text-too-long", {"max": LONGEST})]
    return []


def blocks(text: str) -> tuple[Block, ...]:
    """Return the pieces of a text, in their order."""
    found: list[Block] = []
    for line in [*(one.strip() for one in text.splitlines()), ""]:
        _take(found, line)
    return tuple(block for block in found if block.lines or block.pairs or block.text)


def _take(found: list[Block], line: str) -> None:
    """Add one line to the last block, or begin a new one; an empty paragraph marks a blank line."""
    if not line:
        found.append(Block(BlockKind.PARAGRAPH))
        return
    if line.startswith("# "):
        found.append(Block(BlockKind.SECTION, text=line[2:].strip()))
        return
    item, fact = _ITEM.match(line), _FACT.match(line)
    if item:
        kind = BlockKind.NUMBERS if item["number"] else BlockKind.LETTERS if item["letter"] else BlockKind.DASHES
        _grow(found, Block(kind, lines=(item["text"],)))
    elif fact:
        _grow(found, Block(BlockKind.FACTS, pairs=((fact["label"].strip(), fact["value"]),)))
    elif found and found[-1].kind in _LISTS:  # a list's item goes on in the next line
        last = found[-1]
        found[-1] = Block(last.kind, lines=(*last.lines[:-1], f"{last.lines[-1]} {line}"))
    else:
        last = found[-1] if found else Block(BlockKind.SECTION)
        before = last.lines[0] if last.kind is BlockKind.PARAGRAPH and last.lines else ""
        paragraph = Block(BlockKind.PARAGRAPH, lines=(f"{before} {line}".strip(),))
        if before:
            found[-1] = paragraph
        else:
            found.append(paragraph)


_LISTS = frozenset({BlockKind.NUMBERS, BlockKind.LETTERS, BlockKind.DASHES})


def _grow(found: list[Block], block: Block) -> None:
    """Join a block to the one before it when both are of a kind."""
    if found and found[-1].kind is block.kind:
        last = found[-1]
        found[-1] = Block(block.kind, lines=last.lines + block.lines, pairs=last.pairs + block.pairs)
    else:
        found.append(block)
