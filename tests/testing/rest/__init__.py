"""Files of requests, as REST Client reads them."""
