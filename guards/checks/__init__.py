"""The guards, one a file: `build(options, kit)`, `STAGES`, `DOC`, `TITLE`, `ADVICE`. A file's name is the guard's."""
