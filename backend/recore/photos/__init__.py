"""Photos of stock items (R9): what is taken in, kept, turned, and copied for each marketplace."""
