"""Parts of the page *Couverture*, one module each."""
