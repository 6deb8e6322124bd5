"""What the loader of PDF is made of: words with their places, what readers see, columns, tables, paragraphs, headings.

`matter` asks PDFium; everything else works on plain values.
"""
