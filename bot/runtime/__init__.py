"""Running the assistant: sessions, turns, Rasa."""
