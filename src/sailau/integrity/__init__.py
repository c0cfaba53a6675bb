"""Integrity: what was announced, compared with what was counted."""
