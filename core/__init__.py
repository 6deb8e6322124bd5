"""The ground: nouns, errors, settings, the database engine, plug-in lookup. Imports no other room."""
