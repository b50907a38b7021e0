"""The pages for finding things: home, lists, search and exports."""
