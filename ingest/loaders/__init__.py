"""One file a format; found by name, with no registry to edit."""
