"""How often something may be tried at the pages of an account."""

from datetime import timedelta

from jknoffice.accounts.limits import Limit

REFUSED = "participant.refused"

ORDER_HERE = Limit(name="account codes from one address", most=20, window=timedelta(hours=1))
ORDER_FOR_ONE = Limit(name="account codes for one person", most=10, window=timedelta(hours=1))
CHANGE = Limit(name="changes of one account", most=10, window=timedelta(hours=1))
