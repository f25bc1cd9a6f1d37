"""REST calls that no SDK has: ARM, Graph, registry data plane, blobs, share files, app, Azure DevOps."""
