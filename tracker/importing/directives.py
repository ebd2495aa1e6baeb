"""Which directive a row is: by its code, else by source document, printed number and text."""

from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from tracker.appendices import Directory, Doubt, Role
from tracker.importing.checked import Checked
from tracker.importing.differences import Earlier, directive_differences, settle_what_stands
from tracker.models import Assignment, Directive, DirectiveSource, Import, ImportRow
from tracker.models.lifecycle import OUTSIDE
from tracker.models.search import ViFold
from tracker.vietnamese.text import fold

Key = tuple[str, str, str]
"""Printed number, folded text, folded text of the task that a part belongs to."""


def identity(text: str) -> str:
    """What two printings of one sentence have in common: letters, without marks, case and line breaks."""
    return " ".join(fold(text).split())


def match_directives(batch: Import, rows: list[Checked], directory: Directory) -> None:
    """Find for each row the directive that it already is, and what would change. Four queries, however many rows."""
    left_out = list(
        {id(one.parent): one.parent for one in rows if one.parent and one.parent.left_out}.values()
    )
    register = _Register(batch, [*rows, *left_out])
    for above in left_out:
        above.match = register.standing(above)
    seen: dict[Key, Checked] = {}
    for one in rows:
        register.match(one, seen)
    _compare(batch, rows, directory)


class _Register:
    """The directives that rows of this import may be."""

    def __init__(self, batch: Import, rows: list[Checked]) -> None:
        self.batch = batch
        known = Directive.objects.exclude(status__in=list(OUTSIDE)).filter(occurrence_year=None)
        known = known.select_related("field", "lead", "tracking_officer", "parent")
        codes = [code for one in rows if (code := code_of(one))]
        texts = [identity(one.read.text) for one in rows]
        found = list(known.annotate(folded=ViFold("title")).filter(Q(code__in=codes) | Q(folded__in=texts)))
        self.by_code = {directive.code: directive for directive in found}
        self.like: dict[str, Directive] = {}
        for directive in sorted(found, key=lambda directive: directive.pk):
            self.like.setdefault(identity(directive.title), directive)
        self.by_key: dict[Key, list[DirectiveSource]] = defaultdict(list)
        self.by_text: dict[str, DirectiveSource] = {}
        self.by_number: dict[str, list[DirectiveSource]] = defaultdict(list)
        sources = DirectiveSource.objects.filter(document=batch.document_id or 0, directive__in=known)
        loaded = list(
            sources.select_related(
                "directive__field", "directive__lead", "directive__tracking_officer", "directive__parent"
            ).order_by("pk")
        )
        self.sources = {source.directive_id: source for source in loaded}
        for source in loaded:
            above = self._above(source.directive)
            for text in {identity(source.sentence), identity(source.directive.title)}:
                self.by_key[(source.printed_number, text, above)].append(source)
                self.by_text.setdefault(text, source)
            if source.printed_number:
                self.by_number[source.printed_number].append(source)
        self.taken: set[int] = set()

    def match(self, one: Checked, seen: dict[Key, Checked]) -> None:
        """Match one row, or say what is like it."""
        text, number = identity(one.read.text), one.read.index[:20]
        if code := code_of(one):
            self._by_code(one, code)
            return
        above = identity(one.parent.read.text) if one.parent else ""
        key = (number, text, above)
        open_sources = [
            source
            for source in [*self.by_key.get(key, []), *self.by_key.get(("", text, above), [])]
            if source.directive_id not in self.taken
        ]
        if open_sources:
            self._take(one, open_sources[0].directive)
        elif key in seen and text and one.row.choice != ImportRow.Choice.AS_NEW:
            one.left_out = _("The same as row %(row)s.") % {"row": seen[key].row.name}
            one.joined_to, one.doubts = seen[key], []
        else:
            self._look_around(one, text, number)
        seen.setdefault(key, one)

    def standing(self, one: Checked) -> Directive | None:
        """The directive that a task which is left out is already, by its code or in this document."""
        if code := code_of(one):
            return self.by_code.get(code)
        sources = self.by_key.get((one.read.index[:20], identity(one.read.text), ""))
        return sources[0].directive if sources else None

    def _by_code(self, one: Checked, code: str) -> None:
        directive = self.by_code.get(code)
        if directive is None:
            sentence = _("There is no directive %(code)s.") % {"code": code}
            one.doubts.append(Doubt("unknown_code", "code", True, sentence, _("Import as a new one"), ""))
        elif directive.pk in self.taken:
            sentence = _("Another row is %(code)s already.") % {"code": code}
            one.doubts.append(Doubt("code_twice", "code", True, sentence, _("Import as a new one"), ""))
        else:
            self._take(one, directive)
            one.cites = one.source is None and self.batch.document_id is not None

    def _take(self, one: Checked, directive: Directive) -> None:
        self.taken.add(directive.pk)
        one.match, one.source = directive, self.sources.get(directive.pk)

    def _look_around(self, one: Checked, text: str, number: str) -> None:
        """No directive of this document is this row: what is like it is named, and a person may say that it is that."""
        if self.batch.document_id is None:
            sentence = _("Choose the source document: a new directive has one.")
            one.doubts.append(Doubt("no_document", "content", True, sentence))
        like, same = self.by_text.get(text), self.like.get(text)
        if like and like.directive_id not in self.taken:
            sentence = _("The same text stands in this document under the number “%(number)s”: %(code)s.")
            self._say(one, "same_text", sentence, like.directive, like.printed_number)
        elif same and same.pk not in self.taken and one.row.choice != ImportRow.Choice.AS_NEW:
            self._take(one, same)
            one.cites = self.batch.document_id is not None
            sentence = _(
                "100%% like %(code)s, which is there already: this document becomes one more source of it."
            )
            one.doubts.append(Doubt("like", "content", False, sentence % {"code": same.code}))
        elif number and len(self.by_number.get(number, [])) == 1:
            other = self.by_number[number][0]
            if other.directive_id not in self.taken:
                sentence = _("Number “%(number)s” of this document is %(code)s, with another text.")
                self._say(one, "same_number", sentence, other.directive, number)

    def _say(self, one: Checked, code: str, sentence: str, directive: Directive, number: str) -> None:
        said = sentence % {"number": number, "code": directive.code}
        label = _("It is %(code)s: change it") % {"code": directive.code}
        one.doubts.append(Doubt(code, "code", False, said, label, directive.code))

    def _above(self, directive: Directive) -> str:
        if directive.parent is None:
            return ""
        source = self.sources.get(directive.parent.pk)
        return identity(source.sentence if source else directive.parent.title)


def code_of(one: Checked) -> str:
    return "".join(one.read.cells.get("code", "").split()).upper()


def _compare(batch: Import, rows: list[Checked], directory: Directory) -> None:
    keys = [one.match.pk for one in rows if one.match]
    helping: dict[int, set[int]] = defaultdict(set)
    given = Assignment.objects.active().cooperating().filter(directive__in=keys)
    for directive_id, agency_id in given.values_list("directive_id", "agency_id"):
        helping[directive_id].add(agency_id)
    earlier = Earlier.of(batch, directives=keys)
    for one in rows:
        if isinstance(one.match, Directive):
            settle_what_stands(one, _standing(one.match))
            one.differences = directive_differences(
                one,
                one.match,
                directory=directory,
                helping=helping[one.match.pk],
                earlier=earlier.get(one.match.pk),
                batch=batch,
            )


def _standing(directive: Directive) -> dict[Role, str]:
    return {
        "content": directive.title,
        "lead": directive.lead.name if directive.lead else directive.lead_printed,
        "coordinate": directive.cooperating_printed,
        "deadline": directive.deadline_printed,
        "product": directive.output_expected,
        "note": directive.note,
    }
