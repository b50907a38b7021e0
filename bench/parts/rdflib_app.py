"""rdflib-endpoint as its README serves it, by uvicorn: python rdflib_app.py N-QUADS PORT

The data is read once; a server that is killed in the midst of a query is forked anew.
"""

from __future__ import annotations

import gc
import os
import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

if __name__ == "__main__":
    gc.disable()  # while millions of terms come, none goes
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
