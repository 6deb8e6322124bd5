"""The guards, one a file: `build(options, kit)`, `STAGES`, `DOC`. The file name is the name in the policy."""
