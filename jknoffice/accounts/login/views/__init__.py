"""The pages of the door. Each view reads the form, makes one domain call, and shows what came of it."""
