"""The read-only API and the health checks: Starlette routes beside the dashboard, no streamlit."""
