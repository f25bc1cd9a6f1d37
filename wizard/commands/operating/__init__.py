"""Commands on an API that is deployed already: its versions, its pause."""
