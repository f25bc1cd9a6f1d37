"""What keeps the API's files: the storage account, its file shares, and each share as the environment knows it."""
