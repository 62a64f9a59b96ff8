"""Integration mode: one state that terminals and browsers look at and change together.

Needs the extra `server` (tornado, jsonschema, prometheus_client, psutil); `app` starts it all.
"""
