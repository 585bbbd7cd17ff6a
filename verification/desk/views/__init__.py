"""The pages of the desk and the steps behind their buttons."""
