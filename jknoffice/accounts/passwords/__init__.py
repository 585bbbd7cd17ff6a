"""Which passwords are good enough: long ones that nobody tries first. No rule says of which signs they are made."""
