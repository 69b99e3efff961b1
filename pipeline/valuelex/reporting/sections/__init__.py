"""One module per part of the page: rows and documents in, a view for its template out."""
