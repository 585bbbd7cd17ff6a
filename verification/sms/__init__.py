"""Short messages: their texts and the ways out."""
