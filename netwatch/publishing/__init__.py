"""What the world sees: metric families, the cached renderer, the HTTP server."""
