"""The deployed (or local) API tried: .rest requests, restart check, log streams, local run."""
