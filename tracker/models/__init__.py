"""The nouns, in the order of the work: organisations → people → documents → directives → assignments → progress."""

from tracker.models.assignments import Assignment
from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.evidence import Evidence
from tracker.models.history import (
    AgencyHistory,
    AgencyMembershipHistory,
    AssignmentHistory,
    ConfigurationHistory,
    DirectiveHistory,
    DirectiveSourceHistory,
    DocumentHistory,
    EvidenceHistory,
    FieldHistory,
    InstructionHistory,
    ProgressReportHistory,
    SuggestionHistory,
    UserHistory,
)
from tracker.models.instructions import Instruction
from tracker.models.lifecycle import NEXT, OPEN, StaleVersion, Status, WrongStep
from tracker.models.numbering import CodeCounter
from tracker.models.organisations import Agency, AgencyMembership, Configuration, Field, StatusTerm
from tracker.models.people import User
from tracker.models.progress import ProgressReport, ReportEvent, ReportStatus
from tracker.models.sources import DirectiveSource, Suggestion
from tracker.models.standing import Cell, Standing
from tracker.models.steps import DirectiveEvent
from tracker.models.submissions import SubmittedForm

__all__ = [
    "NEXT",
    "OPEN",
    "Agency",
    "AgencyHistory",
    "AgencyMembership",
    "AgencyMembershipHistory",
    "Assignment",
    "AssignmentHistory",
    "Cell",
    "CodeCounter",
    "Configuration",
    "ConfigurationHistory",
    "Directive",
    "DirectiveEvent",
    "DirectiveHistory",
    "DirectiveSource",
    "DirectiveSourceHistory",
    "Document",
    "DocumentHistory",
    "Evidence",
    "EvidenceHistory",
    "Field",
    "FieldHistory",
    "Instruction",
    "InstructionHistory",
    "ProgressReport",
    "ProgressReportHistory",
    "ReportEvent",
    "ReportStatus",
    "StaleVersion",
    "Standing",
    "Status",
    "StatusTerm",
    "SubmittedForm",
    "Suggestion",
    "SuggestionHistory",
    "User",
    "UserHistory",
    "WrongStep",
]
