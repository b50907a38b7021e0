"""HTTP as strangers speak it: requests read strictly, connections held to deadlines, a server."""
