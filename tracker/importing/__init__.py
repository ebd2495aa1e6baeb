"""Reading an appendix into the register: its rows, what each would change, writing all at once, and taking it back."""

from tracker.importing.beginning import begin, read_again
from tracker.importing.rows import Checked, check_rows
from tracker.importing.undoing import touched, undo
from tracker.importing.writing import apply

__all__ = ["Checked", "apply", "begin", "check_rows", "read_again", "touched", "undo"]
