"""What can go wrong with the store, as one plain sentence each; never with a value that was to be stored."""


class StoreUnavailable(Exception):
    """The database does not answer, or has not the tables of this version; nothing was stored."""


class StoreRefused(Exception):
    """The database answers, but what was to be stored breaks one of its rules; nothing was stored."""
