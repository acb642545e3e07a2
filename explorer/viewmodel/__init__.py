"""The view model: what a screen or a figure shows, before any of them draws it."""
