"""Drawings as editable PowerPoint slides: native shapes, connectors and placeholders."""
