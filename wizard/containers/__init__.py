"""What an image is made from and run with, below wizard and practice and known to both: the Dockerfile reader, the container engine."""
