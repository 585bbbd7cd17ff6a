"""What a photo of a document says, read by a machine. Pure: no Django, no database, and never the register."""
