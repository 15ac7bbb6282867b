"""The shape of a workbook: its sheets and columns, and what reading one gives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from campaign.accounts.policy import Actor
from campaign.imports.cells import Reader
from campaign.imports.models import WorkbookKind
from campaign.registry.storing import Counts

EXAMPLE_MARK = "CONTOH"  # begins the first cell of an example row, which is never read


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its heading in the file, and how its cells are read."""

    field: str
    heading: str
    reader: Reader
    example: object
    note: str = ""  # a line in the instruction sheet
    is_required: bool = True
    default: Any = None  # of an empty cell, when the column is not required
    list_name: str = ""  # drop-down from the registry: see templates.py


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name in the file and its columns, the first of which is always required."""

    name: str
    columns: tuple[Column, ...]
    note: str
    is_optional: bool = False
    is_repeatable: bool = False  # also "Calon Medono", "Calon Podosugih": every sheet whose name begins so

    def column(self, name: str) -> Column:
        """Return the column of a field."""
        return next(column for column in self.columns if column.field == name)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something is, as the user sees it: sheet, row number, column letter."""

    sheet: str
    row: int
    column: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.column}{self.row}"


@dataclass(frozen=True, slots=True)
class CellMistake:
    """One thing wrong, or doubtful, and where."""

    cell: Cell
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet as it was read. A cell that could not be read has no value."""

    sheet: str
    number: int
    values: Mapping[str, Any]
    letters: Mapping[str, str]  # field -> column letter
    is_whole: bool  # every cell could be read

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def cell(self, name: str) -> Cell:
        """Return where a field of this row is."""
        return Cell(self.sheet, self.number, self.letters.get(name, "A"))


@dataclass(slots=True)
class Book:
    """A workbook as it was read: its rows by sheet, and everything that is wrong so far."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    mistakes: list[CellMistake] = field(default_factory=list)
    warnings: list[CellMistake] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return sum(len(lines) for lines in self.lines.values())

    def of(self, sheet: Sheet) -> list[Line]:
        """Return the rows of a sheet, also those with mistakes."""
        return self.lines.get(sheet.name, [])

    def wrong(self, cell: Cell, code: str, **facts: object) -> None:
        """Note a mistake."""
        self.mistakes.append(CellMistake(cell, code, facts))

    def doubtful(self, cell: Cell, code: str, **facts: object) -> None:
        """Note something that a person should look at, and that stops nothing."""
        self.warnings.append(CellMistake(cell, code, facts))


@dataclass(frozen=True, slots=True)
class Draft:
    """What a use-case will be given for one row, and in which cells its fields are."""

    value: Any
    cells: Mapping[str, Cell]  # "" is the row's first cell

    def cell(self, where: str) -> Cell:
        """Return the cell of a field that the use-case named: "code", or "skills.iud" for a part of a field."""
        return self.cells.get(where) or self.cells.get(where.partition(".")[0]) or self.cells[""]


@dataclass(frozen=True, slots=True)
class Step:
    """Rows for one use-case, in the order in which the steps of a workbook are done."""

    sheet: str
    drafts: Sequence[Draft]
    store: Callable[[Actor, Sequence[Any]], Counts]


@dataclass(frozen=True, slots=True)
class Workbook:
    """One kind of workbook: sheets, instructions, and the steps that store what it says."""

    kind: WorkbookKind
    title: str
    sheets: tuple[Sheet, ...]
    intro: tuple[str, ...]
    steps: Callable[[Book, int | None], Iterable[Step]]  # lazily: a step may need what the one before stored


def draft(line: Line, value: Any, parts: Mapping[str, Cell] | None = None) -> Draft:
    """Return a draft whose fields are in the row's own cells, and some parts elsewhere."""
    own = {name: line.cell(name) for name in line.letters}
    return Draft(value, {"": Cell(line.sheet, line.number, "A")} | own | dict(parts or {}))


def refuse_doubles(book: Book, lines: Iterable[Line], *names: str) -> None:
    """Note every row that says the same thing of the same thing once more."""
    seen: set[tuple[Any, ...]] = set()
    for line in lines:
        what = tuple(line[name] for name in names)
        if line.is_whole and what in seen:
            book.wrong(line.cell(names[-1]), "listed-twice")
        seen.add(what)


def by_key(book: Book, sheet: Sheet, key: str, parents: Iterable[Line], code: str) -> dict[Any, list[Line]]:
    """Group the rows of a child sheet by their key; a key that no parent row has is a mistake, told with `code`."""
    grouped: dict[Any, list[Line]] = {line[key]: [] for line in parents}
    for line in book.of(sheet):
        if line[key] is None:
            continue
        if line[key] not in grouped:
            book.wrong(line.cell(key), code)
        else:
            grouped[line[key]].append(line)
    return grouped
