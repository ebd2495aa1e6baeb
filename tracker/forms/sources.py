"""The documents that a directive comes from, with their exact sentences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.base import TrackerForm, WithFormToken
from tracker.forms.fields import DocumentChoice
from tracker.models import Directive, DirectiveSource, Document, User

DOCUMENTS_OFFERED = 100


class CorrectionForm(WithFormToken, TrackerForm):
    """The exact sentence of a source, what in it is the newspaper's, and why it is changed."""

    sentence = forms.CharField(
        label=_("Exact sentence of the source"),
        help_text=_("The words that the directive comes from, unchanged."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    gloss = forms.CharField(
        label=_("Words that are the newspaper's, not the document's"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, directive: Directive, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = directive.is_assigned

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields if name != "form_token"}


class CiteForm(CorrectionForm):
    """One more document that hands the directive down."""

    document = DocumentChoice(
        label=_("Document"),
        help_text=_("Number, or words of the abstract; accents and case do not matter."),
    )
    field_order = ["document", "sentence", "gloss", "reason"]

    def __init__(self, *args: Any, directive: Directive, user: User, **kwargs: Any) -> None:
        super().__init__(*args, directive=directive, **kwargs)
        self.documents = Document.objects.visible_to(user)
        self.fields["document"].queryset = self.documents
        self.fields["document"].widget.attrs["list"] = "van-ban"

    @property
    def known_documents(self) -> list[Document]:
        """What the browser offers while a document is typed."""
        return list(self.documents[:DOCUMENTS_OFFERED])


def correction_of(source: DirectiveSource) -> dict[str, str]:
    """What the correction form starts from."""
    return {"sentence": source.sentence, "gloss": source.gloss}
