"""Report formats: one module with render(report) -> str."""
