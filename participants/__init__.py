"""The register of participants: who they are, how they are found, how the register is filled."""
