"""The same as Git and azure-pipelines.yml: remote, ignore rules, object ids, the pipeline file edited in place."""
