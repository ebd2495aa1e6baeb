"""Figures, and the questions about them."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from tracker.tables.base import ListTable


class FigureTable(ListTable):
    """One figure a row: of what, for when, how much, whose, and what became of it."""

    indicator = tables.Column(_("Indicator"))
    period = tables.Column(_("Period"), orderable=True, order_by=("period__ends_on", "pk"))
    value = tables.Column(_("Figure"), attrs={"kind": "num"})
    role = tables.Column(_("Whose figure"))
    status = tables.Column(_("Status"))
    agency = tables.Column(_("Agency"), attrs={"kind": "c-hide"})
    submitted_at = tables.Column(_("Submitted on"), attrs={"kind": "c-hide"})

    ORDERS = {"moi": ("-period", _("Newest period first")), "cu": ("period", _("Oldest period first"))}

    class Meta(ListTable.Meta):
        empty_text = _("No figure yet")


class QuestionTable(ListTable):
    """One question a row: about which figure, what is asked, who has to answer by when."""

    measurement = tables.Column(_("Figure"))
    kind = tables.Column(_("What is asked"))
    agency = tables.Column(_("Who answers"))
    asked_at = tables.Column(_("Asked on"), orderable=True, order_by=("asked_at", "pk"))
    answer_due_on = tables.Column(_("Answer by"), orderable=True, order_by=("answer_due_on", "pk"))
    answer = tables.Column(_("Answer"), attrs={"kind": "c-hide"})

    ORDERS = {
        "mo": ("open_first", _("Open first")),
        "moi": ("-asked_at", _("Newest first")),
        "han": ("answer_due_on", _("Answer due first")),
    }

    open_first = tables.Column(
        visible=False, orderable=True, empty_values=(), order_by=("-is_open", "answer_due_on", "-pk")
    )

    class Meta(ListTable.Meta):
        empty_text = _("No question about figures")
