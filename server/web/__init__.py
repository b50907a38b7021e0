"""What every page works with: the site, negotiation, responses, errors, the access log."""
