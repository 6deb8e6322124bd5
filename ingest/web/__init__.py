"""Web pages and sites: which addresses may be asked, how they are fetched, and what a crawl of them yields."""
