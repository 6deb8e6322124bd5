"""What sources offer: folders are walked, sites crawled, and each candidate stands in some way to what is held."""
