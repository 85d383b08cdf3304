"""Reports: what a ticket is, who receives it, and how it is shown. Pure; nothing here is stored or sent."""
