"""What participants do for themselves: they prove who they are by a code, and change their own number.

`codes` orders and judges codes, `answering` is the worker's part of it, `phone` the change of number.
"""
