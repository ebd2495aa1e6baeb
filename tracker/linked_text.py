"""Text whose numbers stay linked to the data they come from, through a person's edits and through fresh data.

A paragraph is a list of runs: ``{"t": "48", "k": "tasks.total"}`` is a number of the data with the key of its fact,
``{"t": "…"}`` words, ``{"t": "50", "k": "typed"}`` a number that somebody typed by hand. A block is a heading, a
paragraph or a table; its ``key`` says which part of the report it is, ``edited`` that a person wrote it. Pure: no
database, no clock.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

Run = dict[str, str]
Runs = list[Run]
Block = dict[str, Any]
Section = dict[str, Any]
Content = dict[str, Any]
Facts = Mapping[str, Mapping[str, Any]]

TYPED = "typed"
"""The key of a number typed by hand: marked on the screen, plain on paper."""

_SIDES = frozenset("lcr")

_MOST_COMPARED = 1_000_000
"""Beyond so many pairs of words the comparison passes over the commonest words."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|\S")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NO_FIGURE = re.compile(
    r"^\d{1,2}(?:\.\d{1,2})*[.)](?=\s)"  # the number of a paragraph
    r"|\d[\d/]*/[\w-]*[^\W\d_][\w-]*|\d+-[^\W\d_]{2,}/[^\W\d_]+"  # of a document: 49/2017/NĐ-CP, 19-NQ/TU
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\b\d{1,2}/\d{4}\b"  # a day, a month
    r"|\b(?:ngày|tháng|năm|quý|điều|khoản|điểm|mục|phụ lục|bảng|mức độ|giai đoạn)\s+\d+(?:[/-]\d+)*",
    re.IGNORECASE,
)
"""Digits that are no figures: nobody has to stand for them with data."""

_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.\s\S.{0,180}")
_TABLE = re.compile(r"\[(?:bảng|table)[:\s]+([a-z_]+)\]", re.IGNORECASE)


# Reading


def plain(runs: Iterable[Mapping[str, str]]) -> str:
    """The words and numbers alone."""
    return "".join(run["t"] for run in runs)


def runs_of(content: Content) -> Iterator[Run]:
    """Every run of the text, section by section; tables have no runs."""
    for section in content.get("sections", []):
        for block in section["blocks"]:
            yield from block.get("runs", [])


def typed(content: Content) -> list[str]:
    """The numbers typed by hand, in their order."""
    return [run["t"] for run in runs_of(content) if run.get("k") == TYPED]


def keys_in_use(content: Content) -> list[str]:
    """The keys of the facts that text and tables of a report still name, each once, in their order."""
    found = [run["k"] for run in runs_of(content) if run.get("k", TYPED) != TYPED]
    for section in content.get("sections", []):
        for block in section["blocks"]:
            found += [key for row in block.get("keys", []) for key in row if key]
    return list(dict.fromkeys(found))


def joined(runs: Iterable[Run]) -> Runs:
    """The same text with neighbouring words in one run, and no empty runs."""
    made: Runs = []
    for run in runs:
        if not run["t"]:
            continue
        if made and "k" not in run and "k" not in made[-1]:
            made[-1] = {"t": made[-1]["t"] + run["t"]}
        else:
            made.append(dict(run))
    return made


# What a person writes


def text_of(section: Section) -> str:
    """A section as a person edits it: a line for each heading and paragraph, ``[Bảng: fields]`` for a table."""
    return "\n".join(_line(block) for block in section["blocks"])


def rewrite(section: Section, text: str) -> Section:
    """The section with a person's text in place of its own; what they left as it was keeps its links.

    A line ``[Bảng: fields]`` puts the table there; a table or paragraph that is left out stays out when the figures
    are taken from the data again.
    """
    old = section["blocks"]
    tables = {block["key"]: block for block in old if block["kind"] == "table"}
    by_line: dict[str, list[Block]] = {}
    for block in old:
        if block["kind"] != "table":
            by_line.setdefault(_line(block), []).append(block)
    lines = [line for line in map(_tidy, text.splitlines()) if line]
    gone = [block for block in old if "runs" in block and _line(block) not in lines]
    fresh = [line for line in lines if line not in by_line and not _TABLE.fullmatch(line)]
    written = iter(_relinked(gone, fresh))
    blocks: list[Block] = []
    for line in lines:
        if match := _TABLE.fullmatch(line):
            if match[1] in tables:
                blocks.append(tables.pop(match[1]))
        else:
            # Blocks with the same words are taken in their order; the last one serves for every further copy.
            same = by_line.get(line)
            blocks.append(dict(same.pop(0) if len(same) > 1 else same[0]) if same else next(written))
    if [_line(block) for block in blocks] == [_line(block) for block in old]:
        return section
    kept = {block.get("key") for block in blocks}
    left_out = {block["key"] for block in old if block.get("key") and block["key"] not in kept}
    removed = sorted({*section.get("removed", []), *left_out})
    return {**section, "blocks": blocks, "removed": removed, "edited": True, "empty": not blocks}


def relink(old_paragraphs: Sequence[Runs], new_text: str) -> list[Runs]:
    """Paragraphs of a person's text, a line each: numbers that were linked and not touched stay linked.

    A figure that was not there before is marked as typed; days, numbers of documents and of paragraphs are none.
    """
    known = {plain(runs): runs for runs in reversed(old_paragraphs)}
    lines = [line for line in map(_tidy, new_text.splitlines()) if line]
    gone = [runs for runs in old_paragraphs if plain(runs) not in lines]
    fresh = iter(_aligned(gone, [line for line in lines if line not in known]))
    return [joined(known[line]) if line in known else next(fresh) for line in lines]


def _line(block: Block) -> str:
    return f"[Bảng: {block['key']}]" if block["kind"] == "table" else plain(block["runs"])


def _tidy(line: str) -> str:
    return re.sub(" {2,}", " ", line).strip()


def _relinked(gone: list[Block], lines: list[str]) -> list[Block]:
    """Blocks for changed lines; each takes the place, and the key, of the old block that it comes from."""
    paragraphs = _aligned([block["runs"] for block in gone], lines)
    free = list(gone)
    blocks = []
    for line, runs in zip(lines, paragraphs, strict=True):
        before = max(free, key=lambda block: _likeness(_line(block), line), default=None)
        if before is not None and _likeness(_line(before), line) < 0.4:
            before = None
        if before is not None:
            free.remove(before)
        kind = "heading" if _HEADING.fullmatch(line) and (not before or before["kind"] == "heading") else None
        block: Block = {"kind": kind or "paragraph", "runs": runs, "edited": True}
        blocks.append(block | ({"key": before["key"]} if before and "key" in before else {}))
    return blocks


def _likeness(one: str, other: str) -> float:
    """Between 0 and 1, by the words that two lines share."""
    left, right = set(_TOKEN.findall(one)), set(_TOKEN.findall(other))
    return 2 * len(left & right) / (len(left) + len(right) or 1)


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(match[0], *match.span()) for match in _TOKEN.finditer(text)]


def _aligned(old: Sequence[Runs], lines: list[str]) -> list[Runs]:
    """Runs of each new line, compared with all the old paragraphs that are gone."""
    before = [(token, run) for runs in old for token, run in _with_runs(runs)]
    texts = [_tokens(line) for line in lines]
    flat = [(number, token) for number, tokens in enumerate(texts) for token in tokens]
    matcher = SequenceMatcher(
        None,
        [token.text for token, _run in before],
        [token.text for _number, token in flat],
        autojunk=len(before) * len(flat) > _MOST_COMPARED,
    )
    same: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        same.update((block.b + i, block.a + i) for i in range(block.size))
    links: list[dict[tuple[int, int], str]] = [{} for _line in lines]
    unchanged: list[list[tuple[int, int]]] = [[] for _line in lines]
    position = 0
    while position < len(flat):
        number, token = flat[position]
        found = _linked_run(before, flat, same, position)
        if found:
            run, size = found
            span = (token.start, flat[position + size - 1][1].end)
            if lines[number][slice(*span)] == run["t"].strip():
                links[number][span] = run["k"]
                position += size
                continue
        if position in same and before[same[position]][1] is None:
            unchanged[number].append((token.start, token.end))
        position += 1
    return [_runs(line, links[number], unchanged[number]) for number, line in enumerate(lines)]


def _with_runs(runs: Runs) -> Iterator[tuple[_Token, Run | None]]:
    """The tokens of a paragraph, each with the linked run that it belongs to."""
    for run in runs:
        linked = run if "k" in run else None
        for token in _tokens(run["t"]):
            yield token, linked


def _linked_run(
    before: list[tuple[_Token, Run | None]],
    flat: list[tuple[int, _Token]],
    same: dict[int, int],
    position: int,
) -> tuple[Run, int] | None:
    """The linked run that stands whole from this token on, and how many tokens it has."""
    first = same.get(position)
    if first is None:
        return None
    run = before[first][1]
    if run is None or (first and before[first - 1][1] is run):
        return None
    size = len(_tokens(run["t"]))
    is_whole = all(same.get(position + i) == first + i for i in range(size))
    is_one_line = position + size <= len(flat) and flat[position + size - 1][0] == flat[position][0]
    return (run, size) if is_whole and is_one_line else None


def _runs(line: str, links: dict[tuple[int, int], str], unchanged: list[tuple[int, int]]) -> Runs:
    marked = dict(links)
    taken = [*links, *unchanged, *(match.span() for match in _NO_FIGURE.finditer(line))]
    for match in _NUMBER.finditer(line):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            marked[match.span()] = TYPED
    runs: Runs = []
    at = 0
    for (start, end), key in sorted(marked.items()):
        runs += [{"t": line[at:start]}, {"t": line[start:end], "k": key}]
        at = end
    return joined([*runs, {"t": line[at:]}])


# What is printed


def squared(table: Mapping[str, Any]) -> Block:
    """The same table with as many cells, sides and shares as it has columns; no text is lost.

    A stored table may be ragged: written by an older version, or put right by hand. Rows across the table stay.
    """
    rows = [
        row if isinstance(row, Mapping) else [_cell(cell) for cell in row] for row in table.get("rows", [])
    ]
    head = [_cell(text) for text in table.get("head", [])]
    count = max(1, len(head), *(len(row) for row in rows if not isinstance(row, Mapping)), 0)
    sides = [side if side in _SIDES else "l" for side in table.get("align") or ""]
    shares = [share if share > 0 else 0 for share in table.get("widths") or []]
    usual = sum(shares) / len(shares) if any(shares) else 1
    keys = zip_longest(rows, table.get("keys") or [], fillvalue=())
    return {
        **table,
        "head": _padded(head, count, ""),
        "rows": [row if isinstance(row, Mapping) else _padded(row, count, "") for row in rows],
        "keys": [_padded(list(named), count, "") for _row, named in keys][: len(rows)],
        "align": "".join(_padded(sides, count, "l")),
        "widths": [share or usual for share in _padded(shares, count, usual)],
    }


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _padded(values: list[Any], count: int, filling: Any) -> list[Any]:
    return values[:count] + [filling] * (count - len(values))


# What the data say now


def refresh(old: Content, new: Content, facts: Facts) -> Content:
    """The report with fresh data: unedited text is written anew, edited text keeps its words and moves its numbers.

    A number whose fact the data no longer give stays as it is and is marked as typed.
    """
    fresh = {section["key"]: section for section in new["sections"]}
    sections = [
        _refreshed(section, fresh.pop(section["key"]), facts)
        if section["key"] in fresh
        else {**section, "blocks": [_moved(block, facts) for block in section["blocks"]]}
        for section in old.get("sections", [])
    ]
    order = [section["key"] for section in new["sections"]]
    sections += fresh.values()
    sections.sort(key=lambda one: order.index(one["key"]) if one["key"] in order else len(order))
    return {**new, "sections": sections}


def _refreshed(old: Section, new: Section, facts: Facts) -> Section:
    if not old.get("edited"):
        return new
    fresh = {block["key"]: block for block in new["blocks"] if block.get("key")}
    blocks = []
    for block in old["blocks"]:
        if block.get("edited"):
            blocks.append(_moved(block, facts))
        elif block.get("key") in fresh:
            blocks.append(fresh[block["key"]])
    seen = {block.get("key") for block in blocks} | set(old.get("removed", []))
    # What the data say only now stands behind what it follows in a report that nobody edited.
    for number, block in enumerate(new["blocks"]):
        if block.get("key") not in seen:
            before = {one.get("key") for one in new["blocks"][:number]}
            place = max((i + 1 for i, one in enumerate(blocks) if one.get("key") in before), default=0)
            blocks.insert(place, block)
    return {**old, "title": new["title"], "blocks": blocks, "empty": not blocks}


def _moved(block: Block, facts: Facts) -> Block:
    """The block with today's numbers in its words."""
    if "runs" not in block:
        return block
    return {**block, "runs": [_moved_run(run, facts) for run in block["runs"]]}


def _moved_run(run: Run, facts: Facts) -> Run:
    key = run.get("k", TYPED)
    if key == TYPED:
        return run
    return {"t": str(facts[key]["text"]), "k": key} if key in facts else {"t": run["t"], "k": TYPED}
