"""Made-up people of the demo register: seeded, in families, with valid identifiers. No Django in here."""

from jknoffice.demo.people.branches import BRANCHES, BranchPlan
from jknoffice.demo.people.families import families
from jknoffice.demo.people.person import Address, Person

__all__ = ["BRANCHES", "Address", "BranchPlan", "Person", "families"]
