"""A pretend Yahoo! Auctions (classic store tool) to try everything on; shares no code with backend or extension (R34)."""
