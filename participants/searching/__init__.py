"""The search of the register: what is typed is read, looked for by an index, and recorded before anybody is shown."""
