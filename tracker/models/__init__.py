"""The nouns, in the order of the work.

organisations → people → passwords → documents → directives → assignments → extensions, periods → indicators →
progress → measurements, rosters → obstacles, urgings → evidence → notices → outbox → account links
account pauses: guesses at secrets
periodic reports, imports, exports: paper out and in
"""

from tracker.models.account_links import AccountLink
from tracker.models.account_pauses import AccountPause
from tracker.models.assignments import Assignment
from tracker.models.calendar_days import CalendarDay
from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.evidence import Evidence
from tracker.models.exports import Export
from tracker.models.extensions import ExtensionRequest, ExtensionStatus
from tracker.models.frozen import FrozenFigure
from tracker.models.history import (
    AgencyHistory,
    AgencyMembershipHistory,
    AssignmentHistory,
    CalendarDayHistory,
    ConfigurationHistory,
    DataQuestionHistory,
    DeputyshipHistory,
    DirectiveHistory,
    DirectiveSourceHistory,
    DocumentHistory,
    EvidenceHistory,
    ExtensionRequestHistory,
    FieldHistory,
    ImportHistory,
    IndicatorHistory,
    IndicatorPartHistory,
    InstructionHistory,
    MeasurementHistory,
    ObstacleHistory,
    PeriodicReportHistory,
    PeriodPlanHistory,
    ProgressReportHistory,
    ReportingPeriodHistory,
    RosterBodyHistory,
    RosterHistory,
    SuggestionHistory,
    UrgingHistory,
    UrgingRecipientHistory,
    UserHistory,
)
from tracker.models.imports import Import, ImportRow, ImportStatus, RowChanged
from tracker.models.indicators import Indicator, Qualifier
from tracker.models.instructions import Instruction
from tracker.models.lifecycle import NEXT, OPEN, StaleVersion, Status, WrongStep
from tracker.models.measurements import Measurement, MeasurementEvent
from tracker.models.notices import Deputyship, Notice, NoticePreference, Telling
from tracker.models.numbering import CodeCounter
from tracker.models.obstacles import Obstacle
from tracker.models.organisations import Agency, AgencyMembership, Configuration, Field, StatusTerm
from tracker.models.outbox import OutgoingMessage, OutgoingRun, ReminderDay
from tracker.models.passwords import FormerPassword
from tracker.models.people import User
from tracker.models.periodic_reports import (
    PaperStatus,
    PeriodicReport,
    PeriodicReportEvent,
    ReportFile,
    ReportPart,
)
from tracker.models.periods import PeriodEvent, PeriodState, PeriodStatus, ReportingPeriod
from tracker.models.progress import ProgressReport, ReportEvent, ReportStatus
from tracker.models.questions import DataQuestion
from tracker.models.rosters import BodyState, Roster, RosterBody, RosterMark
from tracker.models.sessions import UserSession
from tracker.models.sources import DirectiveSource, Suggestion
from tracker.models.standing import Cell, Standing
from tracker.models.steps import DirectiveEvent
from tracker.models.submissions import SubmittedForm
from tracker.models.targets import IndicatorPart, PeriodPlan, Target
from tracker.models.urgings import Urging, UrgingRecipient

__all__ = [
    "NEXT",
    "OPEN",
    "AccountLink",
    "AccountPause",
    "Agency",
    "AgencyHistory",
    "AgencyMembership",
    "AgencyMembershipHistory",
    "Assignment",
    "AssignmentHistory",
    "BodyState",
    "CalendarDay",
    "CalendarDayHistory",
    "Cell",
    "CodeCounter",
    "Configuration",
    "ConfigurationHistory",
    "DataQuestion",
    "DataQuestionHistory",
    "Deputyship",
    "DeputyshipHistory",
    "Directive",
    "DirectiveEvent",
    "DirectiveHistory",
    "DirectiveSource",
    "DirectiveSourceHistory",
    "Document",
    "DocumentHistory",
    "Evidence",
    "EvidenceHistory",
    "Export",
    "ExtensionRequest",
    "ExtensionRequestHistory",
    "ExtensionStatus",
    "Field",
    "FieldHistory",
    "FormerPassword",
    "FrozenFigure",
    "Import",
    "ImportHistory",
    "ImportRow",
    "ImportStatus",
    "Indicator",
    "IndicatorHistory",
    "IndicatorPart",
    "IndicatorPartHistory",
    "Instruction",
    "InstructionHistory",
    "Measurement",
    "MeasurementEvent",
    "MeasurementHistory",
    "Notice",
    "NoticePreference",
    "Obstacle",
    "ObstacleHistory",
    "OutgoingMessage",
    "OutgoingRun",
    "PaperStatus",
    "PeriodEvent",
    "PeriodPlan",
    "PeriodPlanHistory",
    "PeriodState",
    "PeriodStatus",
    "PeriodicReport",
    "PeriodicReportEvent",
    "PeriodicReportHistory",
    "ProgressReport",
    "ProgressReportHistory",
    "Qualifier",
    "ReminderDay",
    "ReportEvent",
    "ReportFile",
    "ReportPart",
    "ReportStatus",
    "ReportingPeriod",
    "ReportingPeriodHistory",
    "Roster",
    "RosterBody",
    "RosterBodyHistory",
    "RosterHistory",
    "RosterMark",
    "RowChanged",
    "StaleVersion",
    "Standing",
    "Status",
    "StatusTerm",
    "SubmittedForm",
    "Suggestion",
    "SuggestionHistory",
    "Target",
    "Telling",
    "Urging",
    "UrgingHistory",
    "UrgingRecipient",
    "UrgingRecipientHistory",
    "User",
    "UserHistory",
    "UserSession",
    "WrongStep",
]
