"""The actions Rasa calls."""
