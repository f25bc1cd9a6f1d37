"""What is wrong with a deployment: one verdict, what it rests on, and the fix."""

from wizard.doctor.diagnosis import diagnose
from wizard.doctor.evidence import Evidence, gather
from wizard.doctor.treatment import carry_out
from wizard.doctor.verdict import HEALTHY, Cure, Verdict

__all__ = ["HEALTHY", "Cure", "Evidence", "Verdict", "carry_out", "diagnose", "gather"]
