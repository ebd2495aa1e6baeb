"""A document's text beside the directives taken from it: which sentence became what, and which none yet."""

from collections import defaultdict
from dataclasses import dataclass, field

from tracker.figures.scope import Scope
from tracker.models import Directive, DirectiveSource, Document, Status
from tracker.vietnamese.sentences import Sentence, sentences, tidy


@dataclass
class Piece:
    """One sentence with the directives that cite it, and its clauses that are not a directive's title yet."""

    sentence: Sentence
    directives: list[Directive] = field(default_factory=list)
    open_clauses: list[tuple[str, str]] = field(default_factory=list)
    """Key of the clause (``16-2``: sentence and clause) and its words."""

    @property
    def is_cited(self) -> bool:
        return bool(self.directives)


@dataclass
class Split:
    """The paragraphs of a text as pieces; the directives in the order in which the text names them."""

    paragraphs: list[list[Piece]]
    directives: list[tuple[Directive, Piece | None]]
    """Without a piece: the cited words are not in the text as it stands."""

    @property
    def pieces(self) -> list[Piece]:
        return [piece for paragraph in self.paragraphs for piece in paragraph]

    @property
    def cited(self) -> int:
        return sum(piece.is_cited for piece in self.pieces)

    @property
    def assigned(self) -> int:
        return sum(directive.is_assigned for directive, _piece in self.directives)

    @property
    def completed(self) -> int:
        return sum(directive.status == Status.COMPLETED for directive, _piece in self.directives)


def split_of(scope: Scope, document: Document) -> Split:
    """Two queries, however long the text is and however many directives come from it."""
    text = tidy(document.full_text)
    pieces = [Piece(sentence) for sentence in sentences(text)]
    rows = scope.directives().filter(sources__document=document).for_list()
    cited = DirectiveSource.objects.filter(document=document, directive__in=rows.order_by().values("pk"))
    words = dict(cited.values_list("directive", "sentence"))
    directives: list[tuple[Directive, Piece | None]] = []
    for directive in rows:
        found = _pieces_of(pieces, text, tidy(words.get(directive.pk, "")))
        for piece in found:
            piece.directives.append(directive)
        directives.append((directive, found[0] if found else None))
    titles = {_plain(directive.title) for directive, _piece in directives}
    for piece in pieces:
        piece.open_clauses = [
            (f"{piece.sentence.number}-{number}", clause)
            for number, clause in enumerate(piece.sentence.clauses)
            if _plain(clause) not in titles
        ]
    paragraphs: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        paragraphs[piece.sentence.paragraph].append(piece)
    last = len(pieces)
    directives.sort(key=lambda pair: (pair[1].sentence.number if pair[1] else last, pair[0].code))
    return Split(list(paragraphs.values()), directives)


def _pieces_of(pieces: list[Piece], text: str, cited: str) -> list[Piece]:
    """The sentences that the cited words touch: a part of one, all of it, or several."""
    start = text.find(cited.replace("\n", " ")) if cited else -1
    if start < 0:
        return []
    end = start + len(cited)
    return [piece for piece in pieces if piece.sentence.start < end and start < piece.sentence.end]


def _plain(title: str) -> str:
    return tidy(title).strip(" .;,").casefold()
