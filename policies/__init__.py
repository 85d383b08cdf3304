"""The policies of the assistant: safety first, then the flow."""
