"""The desks' web console: a process of its own, where members read and work their tickets."""
