"""Field-level history of every noun that matters (nhật ký), written by database triggers.

Each row holds the record after the change, who did it and from where (``pgh_context``). The rows cannot be
changed, deleted or emptied, not even by raw SQL.
"""

import pghistory

from tracker.models.assignments import Assignment
from tracker.models.calendar_days import CalendarDay
from tracker.models.directives import Directive
from tracker.models.documents import Document
from tracker.models.evidence import Evidence
from tracker.models.extensions import ExtensionRequest
from tracker.models.imports import Import
from tracker.models.indicators import Indicator
from tracker.models.instructions import Instruction
from tracker.models.lifecycle import append_only
from tracker.models.measurements import Measurement
from tracker.models.notices import Deputyship
from tracker.models.obstacles import Obstacle
from tracker.models.organisations import Agency, AgencyMembership, Configuration, Field
from tracker.models.people import User
from tracker.models.periodic_reports import PeriodicReport
from tracker.models.periods import ReportingPeriod
from tracker.models.progress import ProgressReport
from tracker.models.questions import DataQuestion
from tracker.models.rosters import Roster, RosterBody
from tracker.models.sources import DirectiveSource, Suggestion
from tracker.models.targets import IndicatorPart, PeriodPlan
from tracker.models.urgings import Urging, UrgingRecipient


def _history(model, *exclude: str):
    return pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
        # Who and from where stands in the row itself, so that it is as unalterable as the rest.
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]  # documented as "no column"
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        model_name=f"{model.__name__}History",
        abstract=False,
        meta={"triggers": append_only()},
    )


AgencyHistory = _history(Agency, "search", "sort_key")
AgencyMembershipHistory = _history(AgencyMembership)
FieldHistory = _history(Field)
ConfigurationHistory = _history(Configuration)
UserHistory = _history(User, "search", "sort_key", "password", "last_login")
DocumentHistory = _history(Document, "search", "number_search", "text_search")
DirectiveHistory = _history(Directive, "search", "printed_search")
DirectiveSourceHistory = _history(DirectiveSource)
SuggestionHistory = _history(Suggestion)
AssignmentHistory = _history(Assignment)
InstructionHistory = _history(Instruction)
ProgressReportHistory = _history(ProgressReport)
EvidenceHistory = _history(Evidence)
ReportingPeriodHistory = _history(ReportingPeriod)
IndicatorHistory = _history(Indicator, "search")
IndicatorPartHistory = _history(IndicatorPart)
PeriodPlanHistory = _history(PeriodPlan)
MeasurementHistory = _history(Measurement)
DataQuestionHistory = _history(DataQuestion)
RosterHistory = _history(Roster)
RosterBodyHistory = _history(RosterBody)
ObstacleHistory = _history(Obstacle)
ExtensionRequestHistory = _history(ExtensionRequest)
UrgingHistory = _history(Urging)
UrgingRecipientHistory = _history(UrgingRecipient)
DeputyshipHistory = _history(Deputyship)
CalendarDayHistory = _history(CalendarDay)
PeriodicReportHistory = _history(PeriodicReport)
ImportHistory = _history(Import, "pasted")
