"""The field's knowledge: schemas and loaders of `data/`."""
