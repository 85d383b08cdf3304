"""What leaves this machine for those who work with it, without any content."""
