"""Figures for meetings: what is where on the sheet, then a renderer of it."""
