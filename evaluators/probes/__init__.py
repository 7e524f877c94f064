"""Probes: requests that try what a fuzzer cannot, each judged by the answer and by the rows."""
