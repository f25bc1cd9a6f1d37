"""What is wrong with a deployment: one verdict, what it rests on, and the fix."""

from wizard.doctor.diagnosis import diagnose
from wizard.doctor.evidence import Evidence, gather
from wizard.doctor.treatment import apply_fix
from wizard.doctor.verdict import HEALTHY, Fix, Verdict

__all__ = ["HEALTHY", "Evidence", "Fix", "Verdict", "apply_fix", "diagnose", "gather"]
