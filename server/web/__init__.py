"""What all pages share: the site, negotiation, responses, errors, the access log."""
