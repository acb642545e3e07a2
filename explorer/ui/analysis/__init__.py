"""Parts of the page *Analyse*, one module each."""
