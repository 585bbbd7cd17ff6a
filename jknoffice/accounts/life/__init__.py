"""The life of a staff account, by staff administrators: invited, moved, suspended, back again, left; a forgotten
password, and the reset of a second step.

Each step is one function: keyword-only, with the rows locked, and recorded in its transaction. None is taken on one's
own account, and what makes an administrator or takes a second step away waits for a second person (`proposing`). A step
after which somebody does not work on their cases gives them back at once (`handing_back`).
"""
