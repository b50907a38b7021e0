"""rdflib-endpoint with uvicorn, as in its README: python rdflib_app.py N-QUADS PORT

The data is read once. If a server is killed in the middle of a query, a new one is forked.
"""

from __future__ import annotations

import gc
import os
import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

if __name__ == "__main__":
    gc.disable()  # millions of terms are created and none is freed
    graph = Dataset(default_union=True)
    graph.parse(sys.argv[1], format="nquads")
    app = SparqlEndpoint(graph=graph, path="/")
    gc.freeze()
    gc.enable()
    while True:
        child = os.fork()
        if child == 0:
            uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
            sys.exit()
        os.waitpid(child, 0)
