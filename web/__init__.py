"""The web UI: server-rendered pages and a JSON API over the same code as the command line."""
