"""A pretend Amazon (Japan): token endpoint, Selling Partner API, and a seller's own pages, on `*.amazon.localhost`."""
