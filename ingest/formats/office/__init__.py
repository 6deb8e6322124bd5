"""What the loaders of office files share: telling them apart, and how Word marks headings, lists and hidden text."""
