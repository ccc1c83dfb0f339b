"""`make demo`: the whole loop of product.md in a real Chromium, judged by the other side."""
