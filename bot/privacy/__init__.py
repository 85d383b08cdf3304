"""What identifies people: finding it, and later removing it."""
