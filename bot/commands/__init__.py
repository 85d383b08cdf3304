"""The commands of those who found a site and work its tickets: `init`, `desk …`, `tickets …`."""
