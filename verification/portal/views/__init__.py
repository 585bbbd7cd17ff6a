"""The pages at the participants' door."""
