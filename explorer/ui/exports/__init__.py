"""Parts of the page *Exports*."""
