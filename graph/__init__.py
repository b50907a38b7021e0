"""The way of the data, from source files to a release: one module a step, imports downward."""
