"""Every change of the tables since the first version, in order."""
