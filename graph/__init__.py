"""The network: model, identifiers, territories, projection, store, analysis."""
