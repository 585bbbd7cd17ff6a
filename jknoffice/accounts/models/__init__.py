"""Tables of the staff accounts."""

from jknoffice.accounts.models.authenticator import Authenticator
from jknoffice.accounts.models.branch import Branch
from jknoffice.accounts.models.counter import Counter
from jknoffice.accounts.models.letter import StaffLetter
from jknoffice.accounts.models.link import StaffLink
from jknoffice.accounts.models.passkey import Passkey, PasskeyChallenge
from jknoffice.accounts.models.proposal import Proposal
from jknoffice.accounts.models.recovery import RecoveryCode
from jknoffice.accounts.models.session import WebSession
from jknoffice.accounts.models.user import User

__all__ = [
    "Authenticator",
    "Branch",
    "Counter",
    "Passkey",
    "PasskeyChallenge",
    "Proposal",
    "RecoveryCode",
    "StaffLetter",
    "StaffLink",
    "User",
    "WebSession",
]
