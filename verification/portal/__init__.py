"""The participants' door."""
