"""The library as rows: documents, chunks, collections, editions, sources, files set aside, history, receipts."""
