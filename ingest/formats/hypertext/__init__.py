"""What the loader of web pages is made of: what readers see, which part of it is the content, and how it is written."""
