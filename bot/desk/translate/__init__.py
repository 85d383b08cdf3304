"""Machine translation of a ticket's words: off unless the site names a server, and only in a member's session."""
