"""The requests that a web API answers, read from its source: Flask and its REST libraries, FastAPI, Django REST. Nothing is run."""
