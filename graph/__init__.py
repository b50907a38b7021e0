"""The steps from source files to a release, and the store that answers queries; in layers."""
