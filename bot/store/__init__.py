"""What is kept: desks, tickets and what waits for delivery, in SQLite or PostgreSQL; contents only sealed."""
