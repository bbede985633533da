"""Floor 3: papers, their service, evidence, and the whole-file export."""
