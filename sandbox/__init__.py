"""A pretend Yahoo! Auctions, both store tools, to try everything on; shares no code with backend or extension (R34)."""
