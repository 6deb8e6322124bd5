"""What loaders share: decoding, archives, tables, the writing of extracted text; and the rooms of single formats."""
