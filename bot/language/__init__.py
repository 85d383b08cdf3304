"""Language: identification, embedding, texts."""
