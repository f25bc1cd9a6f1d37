"""Files of requests (``.rest``, ``.http``) read as VS Code's REST Client reads them: blocks, values, messages, answers."""
