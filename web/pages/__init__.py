"""The pages: each module here has a `router`, and web.app includes it."""
