"""What starts: the start command in all its forms, the scripts and files it calls, the object it loads."""
