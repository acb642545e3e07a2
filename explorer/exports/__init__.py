"""Files made from a view: one writer a format, all from the same material, all deterministic."""
